import Foundation
import HTTPTransport
import Kubernetes
package import Rollout

extension RolloutProcess {
    package func argoActuator() throws -> any Actuator {
        let server = try kubernetes()
        let http = try HTTPClient(configuration: server.clientConfiguration)
        return ArgoRolloutActuator(
            options: ArgoRolloutOptions(
                defaultNamespace: settings.text(.rolloutNamespace),
                promotesInFull: try settings.flag(.rolloutPromoteFull),
                allowUnguarded: try settings.flag(.rolloutAllowUnguarded)
            ),
            client: ArgoRolloutClient(KubernetesClient(configuration: server, client: http)),
            now: Self.now,
            logger: logger
        )
    }

    /// The server that the settings name; without one that of the cluster this process runs in.
    private func kubernetes() throws -> KubernetesConfiguration {
        guard let url = settings.text(.kubernetesUrl) else {
            return try .inCluster(
                environment: ProcessInfo.processInfo.environment,
                observer: settings.secrets.observer(of: .kubernetesTokenFile)
            )
        }
        return try KubernetesConfiguration(
            server: url,
            token: try settings.secret(.kubernetesToken),
            tls: settings.certificates(.kubernetes)
        )
    }
}
