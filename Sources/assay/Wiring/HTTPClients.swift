import HTTPTransport

/// HTTP clients of the configured back ends.
enum HTTPClients {
    static func prometheus(_ settings: Settings) throws -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        if let token = try settings.secret("prometheus.bearerToken") {
            configuration.authentication = .bearer(token)
        } else if let user = settings.text("prometheus.username") {
            configuration.authentication = .basic(
                user: user,
                password: try settings.secret("prometheus.password") ?? Secret("")
            )
        }
        configuration.tls = TLSOptions(
            caFile: settings.text("prometheus.caFile"),
            certificateFile: settings.text("prometheus.certificateFile"),
            keyFile: settings.text("prometheus.keyFile")
        )
        for header in (settings.text("prometheus.headers") ?? "").split(separator: ";") {
            let parts = header.split(separator: ":", maxSplits: 1).map { $0.trimmingWhitespace() }
            guard parts.count == 2 else { throw SettingsError("prometheus.headers: expected `name: value`") }
            configuration.headers.append(name: parts[0], value: parts[1])
        }
        let concurrency = try settings.integer("prometheus.concurrency", in: 1...256)
        configuration.maximumConcurrentRequests = concurrency
        configuration.maximumConcurrentRequestsPerHost = concurrency
        configuration.maximumWaitingRequests = 100_000
        return try HTTPClient(configuration: configuration)
    }

    /// A client with a bearer token for one of the sinks.
    static func bearer(_ settings: Settings, tokenKey: String, caFile: String? = nil) throws -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        if let token = try settings.secret(tokenKey) { configuration.authentication = .bearer(token) }
        configuration.tls = TLSOptions(caFile: caFile)
        configuration.maximumConcurrentRequestsPerHost = 2
        return try HTTPClient(configuration: configuration)
    }

    /// `name=value` pairs separated by `&`.
    static func parameters(_ text: String?) throws(SettingsError) -> [(name: String, value: String)] {
        var parameters: [(name: String, value: String)] = []
        for pair in (text ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw SettingsError("prometheus.parameters: expected `name=value`, found \"\(pair)\"")
            }
            parameters.append((String(parts[0]), String(parts[1])))
        }
        return parameters
    }
}
