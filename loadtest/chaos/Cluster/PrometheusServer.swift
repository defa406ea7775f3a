import Glibc
import LoadRig
import Processes
import Synchronization

/// A real Prometheus that scrapes the synthetic series every second, and can be stopped and started again.
final class PrometheusServer: Sendable {
    private let rig: TestRig
    private let port: Int
    private let process = Mutex<ChildProcess?>(nil)

    var url: String { "http://127.0.0.1:\(port)" }

    private init(_ rig: TestRig, port: Int) {
        self.rig = rig
        self.port = port
    }

    static func start(_ rig: TestRig, scraping target: Int) async throws -> PrometheusServer {
        try rig.write(
            """
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs:
              - job_name: applications
                honor_labels: true
                static_configs: [{targets: ["127.0.0.1:\(target)"]}]

            """,
            to: "prometheus.yml"
        )
        return try await FreePort.serving { port in
            let server = PrometheusServer(rig, port: port)
            try await server.start()
            return server
        }
    }

    /// Starts it again, on the same port.
    func start() async throws {
        let child = try rig.start(
            "prometheus",
            try Programs.find("prometheus"),
            [
                "--config.file=\(rig.path("prometheus.yml"))", "--storage.tsdb.path=\(rig.path("prometheus"))",
                "--web.listen-address=127.0.0.1:\(port)", "--log.level=warn",
            ]
        )
        process.withLock { $0 = child }
        try await Waiting.until("Prometheus is ready", of: child) {
            (try? await rig.get("\(url)/-/ready")) == nil ? nil : true
        }
    }

    /// Waits until the samples of a first scrape can be read.
    func waitForSamples() async throws {
        let metric = SyntheticSeries.metrics[0]
        try await Waiting.until("Prometheus has samples", every: .milliseconds(500)) {
            let answer = try? await rig.get("\(url)/api/v1/query?query=count(\(metric))")
            return answer?.contains("\"value\"") == true ? true : nil
        }
    }

    func stop() async {
        guard let child = process.withLock({ $0 }) else { return }
        child.send(signal: SIGTERM)
        _ = await child.waitUntilExit()
    }
}
