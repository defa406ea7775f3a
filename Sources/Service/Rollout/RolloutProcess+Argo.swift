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
                defaultNamespace: settings.text("rollout.namespace"),
                promotesInFull: try settings.flag("rollout.promoteFull"),
                allowUnguarded: try settings.flag("rollout.allowUnguarded")
            ),
            client: ArgoRolloutClient(KubernetesClient(configuration: server, client: http)),
            now: Self.now,
            logger: logger
        )
    }

    /// The server that the settings name; without one that of the cluster this process runs in.
    private func kubernetes() throws -> KubernetesConfiguration {
        guard let url = settings.text("kubernetes.url") else {
            return try .inCluster(
                environment: ProcessInfo.processInfo.environment,
                observer: settings.secrets.observer(of: "kubernetes.tokenFile")
            )
        }
        return try KubernetesConfiguration(
            server: url,
            token: try settings.secret("kubernetes.token"),
            tls: settings.certificates(.kubernetes)
        )
    }
}
