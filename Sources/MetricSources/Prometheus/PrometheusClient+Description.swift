import HTTPTransport

/// Without parameters: they may hold a secret.
extension PrometheusClient: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { "Prometheus at \(Redaction.url(baseURL))" }
    package var debugDescription: String { description }
}
