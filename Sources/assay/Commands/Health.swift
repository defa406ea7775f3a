import Analysis
import ArgumentParser
import Foundation
import HTTPTransport
import Service
import TextFiles

/// `assay health`: asks a running process whether it is alive, or ready.
struct Health: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Asks a running `serve` or `rollout` whether it is alive; for health checks of containers.",
        discussion: """
            Without --url the process on this host is asked, at the port that the settings give it (variables, the file
            named by ASSAY_CONFIG, or the same flags): in a container `assay health` needs no arguments.
            Exit code 0: it answers that it is. 1: it does not.
            """
    )

    @Option(help: "Base URL of the process, such as http://127.0.0.1:8080.")
    var url: String?

    @Flag(help: "Ask whether it is ready (/readyz) instead of alive (/livez).")
    var ready = false

    @Option(help: "Longest time to wait for the answer.")
    var timeout = "3s"

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    func run() async throws {
        try await ExitReport.guarding(code: 1) {
            guard let limit = Duration(compactText: timeout), limit > .zero else {
                throw SettingsError("--timeout: \"\(timeout)\" is not a time such as 500ms or 3s")
            }
            let base = try url ?? Self.ownURL(SettingsLoader(.serve, arguments: settings).load())
            var configuration = HTTPClient.Configuration()
            configuration.retry = .none
            configuration.proxy = .none
            let client = try HTTPClient(configuration: configuration)
            let request = HTTPRequest(
                url: base + (ready ? "/readyz" : "/livez"),
                timeout: limit,
                maximumResponseBytes: 1 << 20
            )
            let response = try await client.execute(request)
            await client.close()
            let text = String(decoding: response.body, as: UTF8.self).trimmingWhitespace()
            guard response.isSuccess else {
                throw SettingsError("\(request) answered \(response.status)\(text.isEmpty ? "" : ": \(text)")")
            }
            print(text)
        }
    }

    /// Where the process of these settings listens, as seen from its own host.
    static func ownURL(_ settings: Settings) throws -> String {
        var port = try settings.integer("web.port")
        if port == 0, let file = settings.text("web.portFile") {
            let text = (try? TextFile.read(file, maximumBytes: 64)) ?? ""
            guard let taken = Int(text.trimmingWhitespace()) else {
                throw SettingsError("web.portFile: \(file) holds no port: the process does not listen yet")
            }
            port = taken
        }
        guard port > 0 else {
            throw SettingsError("web.port is 0 and there is no web.portFile: give --url")
        }
        let host =
            switch try settings.required("web.host") {
            case "0.0.0.0", "": "127.0.0.1"
            case "::": "[::1]"
            case let host where host.contains(":"): "[\(host)]"
            case let host: host
            }
        return "http://\(host):\(port)"
    }
}
