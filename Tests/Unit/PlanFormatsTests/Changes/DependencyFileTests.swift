import Analysis
import PlanFormats
import Testing

@Suite struct DependencyFileTests {
    private static let head = "apiVersion: assay.dev/v1\nkind: Dependencies\n"

    @Test func aFileSaysWhatDependsOnWhat() throws {
        let text =
            Self.head + "dependsOn:\n  checkout: [payments, cart]\n---\n" + Self.head
            + "dependsOn: {payments: [ledger]}\n"
        let found = try DependencyFile.read(text, file: "d.yaml")
        #expect(found == Dependencies(["checkout": ["payments", "cart"], "payments": ["ledger"]]))
        #expect(DependencyFile.isOne(text) && !DependencyFile.isOne("kind: AnalysisPlan") && !DependencyFile.isOne("]"))
    }

    @Test(
        "What is wrong is told with its line",
        arguments: [
            ("dependsOn:\n  a: [b]\n  b: [b]\n", "5", "depends on itself"),
            ("dependson: {a: [b]}\n", "3", "is not a known key"), ("{}", "3", "is required"),
            ("dependsOn: [a]\n", "3", "must be an object"),
            ("dependsOn:\n  a: b\n", "4", "must be"), ("dependsOn:\n  a: ['']\n", "4", "is no name"),
            (
                "dependsOn: {a: [b]}\n---\napiVersion: assay.dev/v1\nkind: Dependencies\ndependsOn: {a: [c]}\n", "7",
                "named before"
            ),
        ]
    )
    func problems(rest: String, line: String, problem: String) {
        let text = rest == "{}" ? Self.head : Self.head + rest
        #expect { try DependencyFile.read(text, file: "d.yaml") } throws: { error in
            let line = rest == "{}" ? "" : ":\(line)"
            return "\(error)".contains("d.yaml\(line)") && "\(error)".contains(problem)
        }
    }
}
