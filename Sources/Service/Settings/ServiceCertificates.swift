/// A service with settings for the certificates of connections to it.
package enum ServiceCertificates: CaseIterable, Sendable {
    case prometheus
    case grafana
    case webhook
    case rolloutWebhook
    case kubernetes
    case assay

    package var caFile: String { key("caFile") }
    package var certificateFile: String { key("certificateFile") }
    package var keyFile: String { key("keyFile") }

    /// The three settings.
    package var settings: [Setting] {
        let readers: [Setting.Reader]
        switch self {
        case .prometheus, .grafana, .webhook: readers = [.serve]
        case .rolloutWebhook, .kubernetes: readers = [.rollout]
        case .assay: readers = [.pipeline, .rollout]
        }
        let meanings = [
            (caFile, "Certificate authorities to trust instead of the system's (PEM)."),
            (certificateFile, "Client certificate (PEM)."), (keyFile, "Key of the client certificate (PEM)."),
        ]
        return meanings.map { Setting(key: $0, kind: .file, meaning: $1, readers: readers) }
    }

    private func key(_ name: String) -> String {
        switch self {
        case .prometheus: "prometheus.\(name)"
        case .grafana: "grafana.\(name)"
        case .webhook: "webhook.\(name)"
        case .rolloutWebhook: "rollout.webhook\(name.prefix(1).uppercased())\(name.dropFirst())"
        case .kubernetes: "kubernetes.\(name)"
        case .assay: "assay.\(name)"
        }
    }
}
