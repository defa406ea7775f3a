import Foundation
import Processes

/// `assay serve`, which may be ended and started again on the same store.
struct Service: Sendable {
    let process: ChildProcess
    let web: Web
    /// Its port for probes, where it has one.
    var probes: Web?

    /// Starts it and waits until it is ready.
    ///
    /// - Parameters:
    ///   - broker: nil for the one that serve has built in.
    ///   - store: the path of the store.
    ///   - errors: where its standard error goes; nil for its log.
    ///   - hasProbes: gives probes and metrics a port of their own.
    static func start(
        _ bench: Bench,
        _ broker: Broker?,
        prometheus: String,
        store: String? = nil,
        grace: String = "10s",
        errors: String? = nil,
        hasProbes: Bool = false,
        flags: [String] = []
    ) async throws -> Service {
        let plans = bench.path("plans")
        try FileManager.default.createDirectory(atPath: plans, withIntermediateDirectories: true)
        let portFile = bench.path("serve-\(UUID().uuidString).port")
        let probesFile = bench.path("serve-\(UUID().uuidString).port")
        let process = try bench.startAssay(
            "serve",
            errors: errors,
            ["serve"] + (broker?.flags ?? []) + [
                "--prometheus-url", prometheus, "--store-path", store ?? bench.path("store.sqlite"),
                "--plans-directory", plans, "--web-port", "0", "--web-port-file", portFile, "--log-format", "text",
                "--shutdown-grace", grace, "--prometheus-timeout", "5s",
            ] + flags + (hasProbes ? ["--web-probes-port", "0", "--web-probes-port-file", probesFile] : [])
        )
        func web(_ file: String) async throws -> Web {
            let port = try await Waiting.until("serve listens") {
                if let exit = process.exit { throw Waiting.TimedOut("serve \(exit)") }
                return LogTail.lines(of: file, count: 1).first.flatMap { Int($0) }
            }
            return Web(http: bench.http, url: "http://127.0.0.1:\(port)")
        }
        let service = Service(
            process: process,
            web: try await web(portFile),
            probes: hasProbes ? try await web(probesFile) : nil
        )
        try await Waiting.until("serve is ready") { try await service.web.get("/readyz").status == 200 }
        return service
    }

    func kill() async {
        process.send(signal: 9)
        _ = await process.waitUntilExit()
    }
}
