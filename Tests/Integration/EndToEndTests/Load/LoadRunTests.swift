import Foundation
import Testing

extension CommandEndToEndTests {
    /// The program behind `make loadtest`, with a load so small that it takes seconds.
    @Suite("A small load", .serialized, .timeLimit(.minutes(5)))
    struct LoadRunTests {
        private static let small = [
            "--sessions", "20", "--metrics", "2", "--step", "1s", "--duration", "4s", "--warmup", "2s",
        ]

        @Test("Every verdict comes, once and right, and the report is written")
        func allComeRight() async throws {
            try await Bench.run { bench in
                let load = try #require(Programs.load)
                let report = bench.path("report.md")
                let result = try await bench.run(
                    load,
                    Self.small + ["--report", report, "--directory", bench.path("load")]
                )
                #expect(result.code == 0, "\(result)")
                #expect(result.output.contains("\nOK"), "\(result)")
                let text = String(decoding: FileManager.default.contents(atPath: report) ?? Data(), as: UTF8.self)
                #expect(text.contains("| final verdicts expected | 20 |"), "\(text)")
                #expect(text.contains("| passed / failed / inconclusive | 14 / 5 / 1 |"), "\(text)")
            }
        }

        @Test("A back end that fails for good makes the run fail")
        func wrongVerdictsAreTold() async throws {
            try await Bench.run { bench in
                let result = try await bench.run(
                    try #require(Programs.load),
                    Self.small + ["--backend-errors", "1", "--directory", bench.path("load")]
                )
                #expect(result.code == 1, "\(result)")
                #expect(result.output.contains("FAILED: 20 analyses: wrong: app-0"), "\(result)")
            }
        }
    }
}
