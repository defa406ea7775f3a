/// A service with settings for the certificates of connections to it.
package enum ServiceCertificates: CaseIterable, Sendable {
    case prometheus
    case grafana
    case webhook
    case rolloutWebhook
    case kubernetes
    case assay

    package var caFile: SettingKey {
        switch self {
        case .prometheus: .prometheusCaFile
        case .grafana: .grafanaCaFile
        case .webhook: .webhookCaFile
        case .rolloutWebhook: .rolloutWebhookCaFile
        case .kubernetes: .kubernetesCaFile
        case .assay: .assayCaFile
        }
    }

    package var certificateFile: SettingKey {
        switch self {
        case .prometheus: .prometheusCertificateFile
        case .grafana: .grafanaCertificateFile
        case .webhook: .webhookCertificateFile
        case .rolloutWebhook: .rolloutWebhookCertificateFile
        case .kubernetes: .kubernetesCertificateFile
        case .assay: .assayCertificateFile
        }
    }

    package var keyFile: SettingKey {
        switch self {
        case .prometheus: .prometheusKeyFile
        case .grafana: .grafanaKeyFile
        case .webhook: .webhookKeyFile
        case .rolloutWebhook: .rolloutWebhookKeyFile
        case .kubernetes: .kubernetesKeyFile
        case .assay: .assayKeyFile
        }
    }

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
}
