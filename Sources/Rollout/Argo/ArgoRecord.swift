import Analysis
import EventFormats
import Kubernetes
import Text

/// What is written on a Rollout about an action that was performed: annotations with the last action, and an Event.
struct ArgoRecord: Sendable, Equatable {
    static let prefix = "rollout.assay.dev/"

    var annotations: [String: String]
    var event: KubernetesEvent

    init(_ action: PlannedAction, id: String, on rollout: ArgoRollout, detail: String, at now: Timestamp) {
        let verdict = action.verdict
        annotations = [
            Self.prefix + "action": action.kind.rawValue,
            Self.prefix + "action-at": now.rfc3339,
            Self.prefix + "verdict": verdict.id,
            Self.prefix + "session": verdict.session,
        ]
        annotations[Self.prefix + "report"] = action.reportURL
        var message = "\(detail) \(action.reason) (verdict \(verdict.id))"
        if let report = action.reportURL { message += " \(report)" }
        // A subdomain of at most 253 bytes: the name of the Rollout may take all but the number.
        let number = String(FNV1a.hash(id.utf8), radix: 16)
        event = KubernetesEvent(
            name: "\(rollout.name.prefix(200)).\(number)",
            reason: action.kind == .abort ? "AssayAborted" : "AssayPromoted",
            message: message,
            isWarning: action.kind == .abort,
            time: now.rfc3339
        )
    }
}
