import HTTPTransport
import TextFiles

/// Asks a running process whether it is alive, or ready.
package enum HealthQuestion {
    /// The process' words when it is. Throws a sentence when it is not, or does not answer.
    package static func ask(_ base: String, isReady: Bool, timeout: Duration) async throws -> String {
        var configuration = HTTPClient.Configuration()
        configuration.retry = .none
        configuration.proxy = .none
        let client = try HTTPClient(configuration: configuration)
        let request = HTTPRequest(
            url: base + (isReady ? "/readyz" : "/livez"),
            timeout: timeout,
            maximumResponseBytes: 1 << 20
        )
        let response = try await client.execute(request)
        await client.close()
        let text = String(decoding: response.body, as: UTF8.self).trimmingWhitespace()
        guard response.isSuccess else {
            throw SettingsError("\(request) answered \(response.status)\(text.isEmpty ? "" : ": \(text)")")
        }
        return text
    }

    /// Where the process of these settings answers probes, as seen from its own host.
    package static func ownURL(_ settings: Settings) throws -> String {
        let listening = try ListeningSettings(probesOf: settings) ?? ListeningSettings(settings)
        let name = listening.isForProbes ? "web.probesPort" : "web.port"
        var port = listening.port
        if port == 0, let file = listening.portFile {
            let text = (try? TextFile.read(file, maximumBytes: 64)) ?? ""
            guard let taken = Int(text.trimmingWhitespace()) else {
                throw SettingsError("\(name)File: \(file) holds no port: the process does not listen yet")
            }
            port = taken
        }
        guard port > 0 else {
            throw SettingsError("\(name) is 0 and there is no \(name)File: give --url")
        }
        let host =
            switch listening.host {
            case "0.0.0.0", "": "127.0.0.1"
            case "::": "[::1]"
            case let host where host.contains(":"): "[\(host)]"
            case let host: host
            }
        return "http://\(host):\(port)"
    }
}
