import Foundation
import Processes
import Testing

/// A real Prometheus that scrapes nothing: its samples are written before it starts, ten minutes back and twenty ahead.
///
/// `load{pod, track}` is the same on all sides; `slow{track}` is ten times as high for the canary; `zero{track}` is 0.
struct PrometheusServer: Sendable {
    let port: Int
    private let bench: Bench

    var url: String { "http://127.0.0.1:\(port)" }

    /// Writes the samples and chooses the port.
    static func prepare(_ bench: Bench) async throws -> PrometheusServer {
        try bench.write("global: {scrape_interval: 1h}\n", to: "prometheus.yml")
        let samples = try bench.write(samples(around: Int(Date().timeIntervalSince1970)), to: "samples")
        let arguments = ["tsdb", "create-blocks-from", "openmetrics", samples, bench.path("tsdb")]
        let made = try await bench.run(try #require(Programs.find("promtool")), arguments)
        #expect(made.code == 0, "\(made)")
        return PrometheusServer(port: try FreePort.pick(1)[0], bench: bench)
    }

    /// Starts it and waits until it answers.
    func start() async throws -> ChildProcess {
        let child = try bench.start(
            "prometheus",
            try #require(Programs.find("prometheus")),
            [
                "--config.file=\(bench.path("prometheus.yml"))", "--storage.tsdb.path=\(bench.path("tsdb"))",
                "--web.listen-address=127.0.0.1:\(port)", "--storage.tsdb.retention.time=100y", "--log.level=warn",
            ]
        )
        let web = Web(http: bench.http, url: url)
        try await Waiting.until("Prometheus is ready", of: child) {
            try? await web.get("/-/ready").status == 200 ? true : nil
        }
        return child
    }

    private static func samples(around now: Int) -> String {
        var lines: [String] = []
        func add(_ name: String, _ labels: String, _ value: (Int) -> Int) {
            for time in now - 600..<now + 1200 { lines.append("\(name){\(labels)} \(value(time)) \(time)") }
        }
        lines.append("# TYPE load gauge")
        for (pod, track) in [("a", "stable"), ("a", "canary"), ("b", "stable"), ("b", "canary")] {
            add("load", "pod=\"\(pod)\",track=\"\(track)\"") { 10 + $0 * 7 % 5 }
        }
        lines.append("# TYPE slow gauge")
        for (track, factor) in [("stable", 1), ("canary", 10)] {
            add("slow", "track=\"\(track)\"") { (10 + $0 * 7 % 5) * factor }
        }
        lines.append("# TYPE zero gauge")
        for track in ["stable", "canary"] { add("zero", "track=\"\(track)\"") { _ in 0 } }
        return (lines + ["# EOF"]).joined(separator: "\n") + "\n"
    }
}
