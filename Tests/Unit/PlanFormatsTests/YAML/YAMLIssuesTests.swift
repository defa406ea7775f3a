import Testing

@testable import PlanFormats

/// What is wrong with a file costs no more than what is said of it.
@Suite struct YAMLIssuesTests {
    private static func fields(_ text: String, accepted: [String], _ issues: inout YAMLIssues) throws -> YAMLFields? {
        let roots = YAMLDocuments.parse(text, limits: YAMLLimits(), issues: &issues)
        return YAMLFields(try #require(roots.first), path: "", accepted: accepted, issues: &issues)
    }

    @Test("Errors beyond those that are told are only counted") func onlyCounted() {
        var issues = YAMLIssues(file: "p.yaml")
        var made = 0
        func problem() -> String {
            made += 1
            return "is wrong"
        }
        for _ in 0..<1000 { issues.add(nil, "field", problem()) }
        #expect(made == PlanFileErrors.maximumCount)
        #expect(issues.result.description.hasSuffix("\nand 980 more"))
    }

    @Test("Of 20,000 unknown keys only those that are told are looked up") func unknownKeys() throws {
        let text = (0..<20_000).map { "metricz\($0): 1" }.joined(separator: "\n")
        var issues = YAMLIssues(file: "p.yaml", source: text)
        _ = try Self.fields(text, accepted: ["metrics", "name"], &issues)
        #expect(issues.hintCount == PlanFileErrors.maximumCount)
        #expect(issues.errors.count == PlanFileErrors.maximumCount)
        #expect(issues.omitted == 20_000 - PlanFileErrors.maximumCount)
    }

    @Test("So are the words of 500 wrong choices") func wrongChoices() throws {
        let metrics = (0..<500).map { "{name: m\($0), query: up, direction: hihger, missing: zeros}" }
        let text = "metrics: [\(metrics.joined(separator: ", "))]"
        let errors = #expect(throws: PlanFileErrors.self) { try PlanReader().read(text, file: "p.yaml") }
        #expect(errors?.errors.count == PlanFileErrors.maximumCount)
        #expect((errors?.omitted ?? 0) > 900)
    }

    @Test("A text that was cut at thousands of commas is put together as far as it is shown") func cutText() throws {
        let text = "{query: sum(a, " + (0..<10_000).map { "b\($0)" }.joined(separator: ", ") + ")}"
        var issues = YAMLIssues(file: "p.yaml", source: text)
        let fields = try Self.fields(text, accepted: ["query"], &issues)
        #expect(issues.errors.count == 1)
        #expect((fields?.cutTexts["query"]?.utf8.count ?? .max) < 1024)
    }
}
