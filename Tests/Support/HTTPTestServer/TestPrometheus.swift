package import HTTPTransport
import Processes

/// A Prometheus that scrapes nothing: its samples are written before it starts. Ended with the object.
package final class TestPrometheus: Sendable {
    /// Needs the Debian package prometheus.
    package static let isPossible = Program.find("prometheus") != nil && Program.find("promtool") != nil

    package let url: String
    /// Asks again while connections are refused, and when the answer is 503.
    package let http: HTTPClient
    private let folder: TemporaryFolder
    private let process: BackgroundProgram

    /// Starts it, and waits until it is ready.
    ///
    /// - Parameter samples: lines of OpenMetrics, of any age, without the end.
    package init(_ samples: [String]) async throws {
        guard let prometheus = Program.find("prometheus"), let promtool = Program.find("promtool") else {
            throw TestServerError(description: "prometheus is not installed")
        }
        folder = try TemporaryFolder()
        let file = try folder.write((samples + ["# EOF"]).joined(separator: "\n") + "\n", to: "samples")
        try folder.write("global: {scrape_interval: 1h}\n", to: "prometheus.yml")
        let create = ["tsdb", "create-blocks-from", "openmetrics", file, folder.path("data")]
        guard try await Program.run(promtool, create, in: folder.url).status == 0 else {
            throw TestServerError(description: "promtool wrote no samples")
        }
        let port = try LoopbackSocket.freePort()
        url = "http://127.0.0.1:\(port)"
        let arguments = [
            "--config.file=prometheus.yml", "--storage.tsdb.path=data", "--web.listen-address=127.0.0.1:\(port)",
            "--storage.tsdb.retention.time=100y",
        ]
        process = try BackgroundProgram(prometheus, arguments, in: folder.url)
        var configuration = HTTPClient.Configuration()
        configuration.proxy = .none
        configuration.retry = RetryPolicy(
            maximumAttempts: 10_000,
            baseDelay: .milliseconds(20),
            maximumDelay: .milliseconds(100)
        )
        http = try HTTPClient(configuration: configuration)
        let answer = try await http.execute(HTTPRequest(url: url + "/-/ready", timeout: .seconds(120)))
        guard answer.status == 200 else { throw TestServerError(description: "prometheus is not ready") }
    }
}
