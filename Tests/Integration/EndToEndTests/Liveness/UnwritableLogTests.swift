import Analysis
import Judging
import Processes
import Testing

extension EndToEndTests {
    /// What reads the log is no part of what the service needs.
    @Suite("Log that cannot be written", .serialized, .timeLimit(.minutes(5)))
    struct UnwritableLogTests {
        enum Fault: CaseIterable {
            case readerStalls
            case readerLeaves
            case fullDisk
        }

        @Test("Analyses go on, the process is alive, and it stops when it is told to", arguments: Fault.allCases)
        func serve(fault: Fault) async throws {
            try await Bench.run { bench in
                try TestPlan.good.write(to: bench)
                let prometheus = try await PrometheusServer.prepare(bench)
                _ = try await prometheus.start()
                let broker = try await Broker.start(bench)
                let errors = fault == .fullDisk ? "/dev/full" : bench.path("errors")
                let reader = fault == .fullDisk ? nil : try StalledReader(errors)
                let service = try await Service.start(
                    bench,
                    broker,
                    prometheus: prometheus.url,
                    errors: errors,
                    flags: ["--log-level", "trace"]
                )
                if fault == .readerLeaves {
                    reader?.leave()
                } else if let reader {
                    try await Waiting.until("the pipe is full") {
                        _ = try await service.web.get("/livez")
                        return reader.waiting > 3000
                    }
                }
                try await TopicFollower.follow("canary.verdicts", of: broker) { verdicts in
                    try await Kcat(bench: bench, broker: broker).sendBinary(TestEvent(application: "good"))
                    #expect(try await verdicts.finalVerdict(on: "good").result == .pass)
                }
                #expect(try await service.web.get("/livez").status == 200)
                #expect(try await service.web.get("/readyz").status == 200)
                if fault != .readerStalls {
                    let metrics = try await service.web.get("/metrics").text
                    #expect(!metrics.contains(#"assay_log_lines_dropped_total{reason="failed"} 0"#))
                }
                service.process.send(signal: 15)
                #expect(await service.process.waitUntilExit() == .code(0))
                if fault == .readerStalls { reader?.leave() }
            }
        }

        @Test("The controller stops when it is told to", arguments: Fault.allCases)
        func rollout(fault: Fault) async throws {
            try await Bench.run { bench in
                let broker = try await Broker.start(bench)
                let errors = fault == .fullDisk ? "/dev/full" : bench.path("errors")
                let reader = fault == .fullDisk ? nil : try StalledReader(errors)
                let portFile = bench.path("rollout.port")
                let process = try bench.startAssay(
                    "rollout",
                    errors: errors,
                    ["rollout"] + broker.flags + [
                        "--rollout-webhook-url", "http://127.0.0.1:9/", "--web-probes-port", "0",
                        "--web-probes-port-file", portFile, "--shutdown-grace", "10s", "--log-level", "trace",
                    ]
                )
                let port = try await Waiting.until("rollout listens") {
                    if let exit = process.exit { throw Waiting.TimedOut("rollout \(exit)") }
                    return LogTail.lines(of: portFile, count: 1).first.flatMap { Int($0) }
                }
                let web = Web(http: bench.http, url: "http://127.0.0.1:\(port)")
                if fault == .readerLeaves {
                    reader?.leave()
                } else if let reader {
                    try await Waiting.until("the pipe is full") {
                        _ = try await web.get("/livez")
                        return reader.waiting > 3000
                    }
                }
                for _ in 0..<10 { #expect(try await web.get("/livez").status == 200) }
                #expect(try await web.get("/metrics").status == 200)
                process.send(signal: 15)
                #expect(await process.waitUntilExit() == .code(0))
                if fault == .readerStalls { reader?.leave() }
            }
        }
    }
}
