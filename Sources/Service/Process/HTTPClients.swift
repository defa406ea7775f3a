package import HTTPTransport

/// HTTP clients of the configured back ends.
package enum HTTPClients {
    package static func prometheus(_ settings: Settings) throws -> HTTPClient {
        try HTTPClient(configuration: try prometheusConfiguration(settings))
    }

    private static func prometheusConfiguration(_ settings: Settings) throws -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration()
        if let token = try settings.secret(.prometheusBearerToken) {
            configuration.authentication = .bearer(token)
        } else if let user = settings.text(.prometheusUsername) {
            configuration.authentication = .basic(
                user: user,
                password: try settings.secret(.prometheusPassword) ?? Secret("")
            )
        }
        configuration.tls = settings.certificates(.prometheus)
        if let headers = try settings.secret(.prometheusHeaders) {
            do throws(HTTPError) { configuration.secretHeaders = try SecretHeaders(headers) } catch {
                throw SettingsError("prometheus.headers: expected `name: value`")
            }
        }
        let concurrency = try settings.integer(.prometheusConcurrency)
        configuration.maximumConcurrentRequests = concurrency
        configuration.maximumConcurrentRequestsPerHost = concurrency
        configuration.maximumAnswerBytesHeld = try settings.integer(.prometheusMaximumBytesHeld)
        configuration.maximumWaitingRequests = 100_000
        // A long line is no outage: looks come late, and say so.
        configuration.maximumWait = .seconds(300)
        return configuration
    }

    /// What must not be shown where the back end, or a proxy before it, echoes a request, beside what the client knows: query
    /// parameters that are named as secrets.
    static func prometheusSecrets(_ settings: Settings) throws -> @Sendable () -> [String] {
        let secrets = try parameters(settings.text(.prometheusParameters)).filter {
            Redaction.isSecret(headerName: $0.name)
        }.map(\.value)
        return { secrets }
    }

    /// A client with a bearer token for one of the sinks.
    package static func bearer(
        _ settings: Settings,
        tokenKey: SettingKey,
        _ certificates: ServiceCertificates
    ) throws -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        if let token = try settings.secret(tokenKey) { configuration.authentication = .bearer(token) }
        configuration.tls = settings.certificates(certificates)
        configuration.maximumConcurrentRequestsPerHost = 2
        return try HTTPClient(configuration: configuration)
    }

    /// `name=value` pairs separated by `&`.
    package static func parameters(_ text: String?) throws(SettingsError) -> [(name: String, value: String)] {
        var parameters: [(name: String, value: String)] = []
        for pair in (text ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw SettingsError("prometheus.parameters: expected `name=value` pairs separated by `&`")
            }
            parameters.append((String(parts[0]), String(parts[1])))
        }
        return parameters
    }
}
