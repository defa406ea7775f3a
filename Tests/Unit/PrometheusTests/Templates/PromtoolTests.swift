import Foundation
import Processes
import Testing

@testable import Prometheus

/// Runs expansions with hostile values through Prometheus itself: each query must find exactly the series with the value.
@Suite struct PromtoolTests {
    private static let tool = Program.find("promtool")

    private static let templates = [
        #"count(m{${scope}})"#,
        #"count(m{track="${version}",pod='${version}'})"#,
        #"count(m{track=~"${version}",pod=~'(?:${version})?'})"#,
        #"count(m{track=~"${version}"} and m{track!~"${version}.+"})"#,
        #"count(label_replace(m{${scope}}, "d", "${version}", "track", "(?s)${version}") == 1)"#,
        #"count(label_replace(m{${scope}}, "d", "${version}", "track", "${version}") and on (d) label_replace(vector(1), "d", "${version}", "", ""))"#,
    ]

    @Test(.enabled(if: tool != nil, "promtool is not installed"))
    func rulesAreAccepted() async throws {
        let rules = try Self.values.flatMap { value in
            try Self.templates.map { template in
                try QueryTemplate(parsing: template).expand(HostileValues.variables(value))
            }
        }
        let records = rules.enumerated().map { ["record": "r\($0)", "expr": $1] }
        let file: [String: Any] = ["groups": [["name": "expansions", "rules": records]]]
        let (status, output) = try await Self.run(["check", "rules"], on: file)
        #expect(status == 0, "\(output)")
    }

    @Test(.enabled(if: tool != nil, "promtool is not installed"))
    func queriesFindTheValue() async throws {
        let values = Self.values
        let tests: [[String: Any]] = try values.map { value in
            // The series beside it are what an unescaped value might match.
            let series = [value, value + "x", "other"].map { label in
                let quoted = label.utf8.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                return ["series": "m{track=\"\(quoted)\",pod=\"\(quoted)\"}", "values": "1"]
            }
            let queries: [[String: Any]] = try Self.templates.map { template in
                [
                    "expr": try QueryTemplate(parsing: template).expand(HostileValues.variables(value)),
                    "eval_time": "0m",
                    "exp_samples": [["labels": "{}", "value": 1]],
                ]
            }
            return ["interval": "1m", "input_series": series, "promql_expr_test": queries]
        }
        let (status, output) = try await Self.run(["test", "rules"], on: ["rule_files": [String](), "tests": tests])
        #expect(status == 0, "\(output)")
    }

    /// Fewer random values than elsewhere: promtool sets up a storage for each.
    private static let values = HostileValues.all + HostileValues.random(60)

    /// Runs promtool on a file; JSON is YAML too.
    private static func run(_ arguments: [String], on file: [String: Any]) async throws -> (Int32, String) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "templates-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "file.yaml")
        try JSONSerialization.data(withJSONObject: file, options: .withoutEscapingSlashes).write(to: path)
        let outcome = try await Program.run(
            try #require(tool),
            arguments + [path.path],
            errorsAreOutput: true
        )
        return (outcome.status, String(outcome.output.prefix(4000)))
    }
}
