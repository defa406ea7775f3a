import Foundation
import HTTPTransport
import Rollout

extension RolloutProcess {
    func argoActuator() throws -> any Actuator {
        let server = try settings.required("kubernetes.url")
        let http = try HTTPClients.bearer(
            settings,
            tokenKey: "kubernetes.token",
            caFile: settings.text("kubernetes.caFile")
        )
        return ArgoRolloutActuator(
            options: ArgoRolloutOptions(
                defaultNamespace: try settings.required("rollout.namespace"),
                promotesInFull: try settings.flag("rollout.promoteFull"),
                allowUnguarded: try settings.flag("rollout.allowUnguarded")
            ),
            client: ArgoRolloutClient(server: server, client: http)
        )
    }
}
