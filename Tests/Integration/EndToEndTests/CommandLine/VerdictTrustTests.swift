import Foundation
import Processes
import Testing

extension CommandEndToEndTests {
    /// Which verdicts `assay wait` and `assay emit --wait` take.
    @Suite("Verdicts that count for pipelines", .serialized, .timeLimit(.minutes(5)))
    struct VerdictTrustTests {
        private static func pem(_ label: String, _ text: String) -> String {
            "-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----\n"
        }

        /// Files with keys for these tests alone.
        private struct Keys {
            var signing: String
            var own: String
            var foreign: String

            init(_ bench: Bench) throws {
                signing = try bench.write(
                    pem("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIBlSsL5qzITyjkgaDwKb7fa+vUCczXTlJhUcu7Ti81QP"),
                    to: "signing.pem"
                )
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: signing)
                own = try bench.write(
                    pem("PUBLIC KEY", "MCowBQYDK2VwAyEApyzHtnEvUhbvUcsw65lNserrnk503lPnYufHV9M+iDM="),
                    to: "own.pem"
                )
                foreign = try bench.write(
                    pem("PUBLIC KEY", "MCowBQYDK2VwAyEAvkmd+jvIv/nxEVJEh2vcFAvuyymWrXaCGsh0zSY4dWY="),
                    to: "foreign.pem"
                )
            }
        }

        @Test("Neither a plan that came with an event nor a signature of another key ends a pipeline as a pass")
        func trust() async throws {
            try await Bench.run { bench in
                try TestPlan.good.write(to: bench)
                let keys = try Keys(bench)
                let prometheus = try await PrometheusServer.prepare(bench)
                _ = try await prometheus.start()
                let broker = try await Broker.start(bench)
                let service = try await Service.start(
                    bench,
                    broker,
                    prometheus: prometheus.url,
                    flags: [
                        "--plans-from-events", "true", "--event-plans-minimum-lifetime", "1s",
                        "--event-plans-minimum-samples", "1", "--verdicts-signing-key-file", keys.signing,
                    ]
                )
                let release = ["--application", "good", "--environment", "test", "--release-version", "1"]
                for way in [["--assay-url", service.web.url], broker.flags] {
                    try await signatures(bench, release, way, keys)
                }
                let plan = try bench.write(
                    TestPlan(name: "own", query: "sum(load{${scope}})", deadline: 60).yaml,
                    to: "own.yaml"
                )
                let own = ["--plan-file", plan, "--timeout", "120s", "--wait"]
                for way in [["--assay-url", service.web.url], broker.flags] {
                    let sent = try await bench.assay(["emit"] + way + release + own)
                    #expect(sent.code == 0, "\(sent)")
                    #expect(sent.output.contains("PASS, by a plan that came with the deploy event"), "\(sent)")
                    let wait = ["wait", "--timeout", "120s", "--result"] + release + way
                    let refused = try await bench.assay(wait)
                    #expect(refused.code == 3 && refused.output == "none\n", "\(refused)")
                    #expect(refused.errors.contains("the verdict on good 1"), "\(refused)")
                    #expect(refused.errors.contains("its plan came with the deploy event"), "\(refused)")
                    let taken = try await bench.assay(wait + ["--plans-from-events"])
                    #expect(taken.code == 0 && taken.output == "pass\n", "\(taken)")
                }
            }
        }

        private func signatures(
            _ bench: Bench,
            _ release: [String],
            _ way: [String],
            _ keys: Keys
        ) async throws {
            let signed = ["--rollout-verification-keys-file", keys.own, "--timeout", "120s"]
            let passed = try await bench.assay(["emit", "--wait"] + release + way + signed)
            #expect(passed.code == 0, "\(passed)")
            #expect(try await bench.assay(["wait"] + release + way + signed).code == 0)
            let foreign = ["--rollout-verification-keys-file", keys.foreign, "--timeout", "10s", "--result"]
            let refused = try await bench.assay(["wait"] + release + way + foreign)
            #expect(refused.code == 3 && refused.output == "none\n", "\(refused)")
            #expect(
                refused.errors.contains("not believed: The verdict is signed with none of the keys of its reader."),
                "\(refused)"
            )
        }
    }
}
