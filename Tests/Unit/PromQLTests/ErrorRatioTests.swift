import Foundation
import Processes
import Testing

/// What Prometheus makes of the ratio that the documentation recommends: 0 for a healthy service that has never failed,
/// and no sample without traffic or with labels that select nothing.
@Suite struct ErrorRatioTests {
    private static func ratio(_ labels: String) -> String {
        "(sum(rate(http_requests_total{\(labels), code=~\"5..\"}[1m])) or vector(0))"
            + " / sum(rate(http_requests_total{\(labels)}[1m]))"
    }

    @Test(.enabled(if: Promtool.path != nil, "promtool is not installed"))
    func aServiceWithoutFailures() async throws {
        let queries: [(labels: String, samples: [[String: Any]])] = [
            ("track=\"healthy\"", [["labels": "{}", "value": 0]]),
            ("track=\"failing\"", [["labels": "{}", "value": 0.5]]),
            ("track=\"misspelt\"", []),
        ]
        let tests: [String: Any] = [
            "interval": "15s",
            "input_series": [
                ["series": "http_requests_total{track=\"healthy\",code=\"200\"}", "values": "0+60x40"],
                ["series": "http_requests_total{track=\"failing\",code=\"200\"}", "values": "0+60x40"],
                ["series": "http_requests_total{track=\"failing\",code=\"500\"}", "values": "0+60x40"],
                ["series": "http_requests_total{track=\"idle\",code=\"200\"}", "values": "7x40"],
            ],
            "promql_expr_test": queries.map { query -> [String: Any] in
                ["expr": Self.ratio(query.labels), "eval_time": "5m", "exp_samples": query.samples]
            } + [
                // 0 divided by 0 is no number: it equals nothing, not even itself.
                [
                    "expr": "(\(Self.ratio("track=\"idle\""))) == (\(Self.ratio("track=\"idle\"")))", "eval_time": "5m",
                    "exp_samples": [],
                ]
            ],
        ]
        let file: [String: Any] = ["rule_files": [String](), "tests": [tests]]
        let folder = FileManager.default.temporaryDirectory.appending(path: "ratio-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let name = folder.appending(path: "tests.yaml")
        try JSONSerialization.data(withJSONObject: file, options: .withoutEscapingSlashes).write(to: name)
        let outcome = try await Program.run(Promtool.path ?? "", ["test", "rules", name.path], errorsAreOutput: true)
        #expect(outcome.status == 0, "\(outcome.output)")
    }
}
