import EventFormats
import Foundation
import HTTPTestServer
import JSON
import Processes
import Synchronization
import Testing

extension CommandEndToEndTests {
    /// The whole path without Kafka: a SQLite file, and HTTP on both sides.
    @Suite("Rollout over HTTP", .serialized, .timeLimit(.minutes(5)))
    struct RolloutOverHTTPTests {
        @Test("A deploy event over HTTP leads to a verdict, a webhook call, and an action beside the session")
        func wholePath() async throws {
            try await Bench.run { bench in
                for plan in PipelineCommandTests.plans { try plan.write(to: bench) }
                let prometheus = try await PrometheusServer.prepare(bench)
                _ = try await prometheus.start()
                let service = try await Service.start(bench, nil, prometheus: prometheus.url)
                let url = ["--assay-url", service.web.url]
                // Refuses the first action about one of them, takes all others.
                let hasRefused = Mutex(false)
                let receiver = try TestHTTPServer { request in
                    let isSlow = String(decoding: request.body, as: UTF8.self).contains(#""application":"slow""#)
                    let refuses = hasRefused.withLock { hasRefused in
                        defer { hasRefused = hasRefused || isSlow }
                        return isSlow && !hasRefused
                    }
                    return [.respond(refuses ? 400 : 200), .close]
                }
                let portFile = bench.path("rollout.port")
                _ = try bench.startAssay(
                    "rollout",
                    ["rollout", "--rollout-source", "http"] + url + [
                        "--rollout-webhook-url", receiver.url, "--web-port", "0", "--web-port-file", portFile,
                    ]
                )
                let port = try await Waiting.until("rollout listens") {
                    LogTail.lines(of: portFile, count: 1).first.flatMap { Int($0) }
                }
                let controller = Web(http: bench.http, url: "http://127.0.0.1:\(port)")
                // It begins at the end: nothing may be sent before it has begun.
                try await Waiting.until("the controller is ready") {
                    try await controller.get("/readyz").status == 200
                }
                let place = "/v1/verdicts/readers/assay-rollout"
                try await Waiting.until("its place is stored") { try await service.web.get(place).status == 200 }

                for application in ["good", "slow"] {
                    let release = ["--application", application, "--environment", "test", "--release-version", "1"]
                    let sent = try await bench.assay(["emit"] + url + release + ["--id", "build-\(application)"])
                    #expect(sent.code == 0, "\(sent)")
                }
                let promoted = try await action(of: "good", at: service.web) { $0 == "done" }
                #expect(promoted["action"] == .string("promote"))
                let failed = try await action(of: "slow", at: service.web) { $0 == "failed" }
                #expect(failed["action"] == .string("abort"))

                // A person asks for it again.
                let session = try await session(of: "slow", at: service.web)
                let asked = try await bench.assay(["rollout", "retry", "--session", session] + url)
                #expect(asked.code == 0, "\(asked)")
                let aborted = try await action(of: "slow", at: service.web) { $0 == "done" }
                #expect(aborted["action"] == .string("abort"))
                let again = try await bench.assay(["rollout", "retry", "--session", session] + url)
                #expect(again.code == 3 && again.errors.contains("did not fail"), "\(again)")
                let keys = receiver.statistics.requests.compactMap { $0.headers["idempotency-key"] }
                #expect(keys.count == 3 && Set(keys).count == 2, "\(keys)")
            }
        }

        @Test("Of two controllers of one group one acts; the other takes over when it stops")
        func standby() async throws {
            try await Bench.run { bench in
                try FileManager.default.createDirectory(
                    atPath: bench.path("plans"),
                    withIntermediateDirectories: true
                )
                let prometheus = try await PrometheusServer.prepare(bench)
                let service = try await Service.start(bench, nil, prometheus: prometheus.url)
                let url = ["--assay-url", service.web.url]
                let receiver = try TestHTTPServer { _ in [.respond(200), .close] }
                func controller(_ name: String) async throws -> (ChildProcess, Web) {
                    let portFile = bench.path("\(name).port")
                    let process = try bench.startAssay(
                        name,
                        ["rollout", "--rollout-source", "http", "--rollout-on-inconclusive", "hold"] + url + [
                            "--rollout-webhook-url", receiver.url, "--web-port", "0", "--web-port-file", portFile,
                        ]
                    )
                    let port = try await Waiting.until("\(name) listens") {
                        LogTail.lines(of: portFile, count: 1).first.flatMap { Int($0) }
                    }
                    return (process, Web(http: bench.http, url: "http://127.0.0.1:\(port)"))
                }
                let (first, _) = try await controller("first")
                let place = "/v1/verdicts/readers/assay-rollout"
                try await Waiting.until("its place is stored") { try await service.web.get(place).status == 200 }
                let (_, second) = try await controller("second")
                try await Waiting.until("the second one stands by") {
                    try await second.get("/readyz?verbose").text.contains("this process stands by")
                }
                func release(_ version: String) async throws -> String {
                    let sent = try await bench.assay(
                        ["emit", "--wait", "--action-timeout", "60s", "--application", "stranger", "--environment"]
                            + ["test", "--release-version", version] + url
                    )
                    #expect(sent.code == 2, "\(sent)")
                    return sent.output
                }
                #expect(try await release("1").contains("controller: none 1: skipped"))
                first.send(signal: 15)
                _ = await first.waitUntilExit()
                #expect(try await release("2").contains("controller: none 2: skipped"))
                let events = try await service.web.get("/v1/actions").text
                #expect(events.split(separator: "dev.assay.rollout.v1").count == 3, "\(events)")
            }
        }

        private func session(of application: String, at web: Web) async throws -> String {
            let list = try await web.get("/v1/sessions?application=\(application)&limit=1").text
            let page = try JSONParser.parse(Array(list.utf8), maximumDepth: 16).object
            return try #require(page?["sessions"]?.elements?.first?.object?["id"]?.text)
        }

        /// The newest action of an application's analysis, once its outcome is the wanted one.
        private func action(
            of application: String,
            at web: Web,
            outcome isWanted: @escaping @Sendable (String) -> Bool
        ) async throws -> JSONObject {
            let id = try await Waiting.until("\(application) has a session") {
                try? await session(of: application, at: web)
            }
            return try await Waiting.until("\(application) has its action") {
                let text = try await web.get("/v1/sessions/\(id)").text
                let shown = try JSONParser.parse(Array(text.utf8), maximumDepth: 64).object
                let last = shown?["actions"]?.elements?.last?.object
                return last?["outcome"]?.text.map(isWanted) == true ? last : nil
            }
        }
    }
}
