import Foundation
import Testing

extension CommandEndToEndTests {
    /// The program behind `make soak`, with attacks so small that they take seconds.
    @Suite("Small attacks", .serialized, .timeLimit(.minutes(5)))
    struct SoakRunTests {
        @Test("Every good release has its verdict and its action, whatever goes on beside it")
        func allComeRight() async throws {
            try await Bench.run { bench in
                let soak = try #require(Programs.soak)
                let (report, json) = (bench.path("report.md"), bench.path("report.json"))
                let attacks =
                    "quiet,idle-sockets,rubbish,zstd-bombs,forged-verdicts,wrong-plans,stalled-log,large-answers"
                let result = try await bench.run(
                    soak,
                    [
                        "--seconds", "24", "--rate", "5", "--scale", "0.01", "--attacks", attacks, "--report", report,
                        "--json", json, "--directory", bench.path("soak"),
                    ]
                )
                #expect(result.code == 0, "\(result)")
                #expect(result.output.contains("\nOK"), "\(result)")
                let text = String(decoding: FileManager.default.contents(atPath: report) ?? Data(), as: UTF8.self)
                #expect(text.contains("Nothing was lost, wrong, repeated or out of order."), "\(text)")
                try expectDeadLetters(in: FileManager.default.contents(atPath: json) ?? Data())
            }
        }

        /// Each record of one byte that was sent has been set aside, be it while a later attack was under way.
        private func expectDeadLetters(in report: Data) throws {
            let result = try #require(try JSONSerialization.jsonObject(with: report) as? [String: Any])
            let phases = try #require(result["phases"] as? [[String: Any]])
            let rubbish = try #require(phases.compactMap { $0["did"] as? String }.first { $0.hasSuffix("of one byte") })
            let sent = try #require(rubbish.split(separator: " ").compactMap { Int($0) }.first)
            let letters = phases.compactMap { $0["deadLetters"] as? Int }.reduce(0, +)
            #expect(sent > 0 && letters >= sent, "\(phases)")
        }

        @Test("A service that ends fails the run, and its releases still get their verdicts")
        func anEnd() async throws {
            try await Bench.run { bench in
                let assay = try #require(Programs.assay)
                let script = """
                    #!/bin/sh
                    [ "$1" = serve ] || exec "\(assay)" "$@"
                    exec timeout -s KILL 12 "\(assay)" "$@"
                    """
                let wrapper = try bench.write(script, to: "assay-that-ends")
                chmod(wrapper, 0o755)
                let result = try await bench.run(
                    try #require(Programs.soak),
                    [
                        "--seconds", "15", "--rate", "5", "--attacks", "quiet", "--assay", wrapper, "--directory",
                        bench.path("soak"),
                    ]
                )
                #expect(result.code == 1, "\(result)")
                #expect(result.output.contains(/FAILED: quiet: \d+ restarts/), "\(result)")
                #expect(!result.output.contains("good releases without"), "\(result)")
            }
        }

        @Test("An attack that there is not is refused")
        func names() async throws {
            try await Bench.run { bench in
                let result = try await bench.run(try #require(Programs.soak), ["--attacks", "quiet,louder"])
                #expect(result.code == 2 && result.output.contains("louder is no attack"), "\(result)")
            }
        }
    }
}
