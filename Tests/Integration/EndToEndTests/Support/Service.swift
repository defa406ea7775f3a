import Foundation
import Processes

/// `assay serve`, which may be ended and started again on the same store.
struct Service: Sendable {
    let process: ChildProcess
    let web: Web

    /// Starts it and waits until it is ready.
    ///
    /// - Parameters:
    ///   - broker: nil for the one that serve has built in.
    ///   - store: the path of the store.
    static func start(
        _ bench: Bench,
        _ broker: Broker?,
        prometheus: String,
        store: String? = nil,
        grace: String = "10s",
        flags: [String] = []
    ) async throws -> Service {
        let plans = bench.path("plans")
        try FileManager.default.createDirectory(atPath: plans, withIntermediateDirectories: true)
        let portFile = bench.path("serve-\(UUID().uuidString).port")
        let process = try bench.startAssay(
            "serve",
            ["serve"] + (broker?.flags ?? []) + [
                "--prometheus-url", prometheus, "--store-path", store ?? bench.path("store.sqlite"),
                "--plans-directory", plans, "--web-port", "0", "--web-port-file", portFile, "--log-format", "text",
                "--shutdown-grace", grace, "--prometheus-timeout", "5s",
            ] + flags
        )
        let port = try await Waiting.until("serve listens") {
            if let exit = process.exit { throw Waiting.TimedOut("serve \(exit)") }
            return LogTail.lines(of: portFile, count: 1).first.flatMap { Int($0) }
        }
        let service = Service(process: process, web: Web(http: bench.http, url: "http://127.0.0.1:\(port)"))
        try await Waiting.until("serve is ready") { try await service.web.get("/readyz").status == 200 }
        return service
    }

    func kill() async {
        process.send(signal: 9)
        _ = await process.waitUntilExit()
    }
}
