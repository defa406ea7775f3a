package import Analysis
import Judging

/// A change that was taken in. Form 1: its own number.
package struct ChangeForm: StoredForm {
    package static let newest = 1
    package static let name = "change"

    package var form: Int?
    var identity: DeployEventForm.Identity
    var kind: String
    var time: Timestamp?
    var phase: String
    var application: String?
    var environment: String?
    var cluster: String?
    var namespace: String?
    var zone: String?
    /// Absent where none are told.
    var nodes: [String]?
    var version: String?
    var summary: String?

    package init(_ event: ChangeEvent) {
        form = Self.newest
        identity = DeployEventForm.Identity(event.identity)
        kind = event.kind.rawValue
        time = event.time
        phase = event.phase.rawValue
        application = event.application
        environment = event.environment
        cluster = event.place.cluster
        namespace = event.place.namespace
        zone = event.place.zone
        nodes = event.place.nodes.isEmpty ? nil : event.place.nodes
        version = event.version
        summary = event.summary
    }

    package func value() throws(FormError) -> ChangeEvent {
        ChangeEvent(
            identity: identity.value,
            kind: ChangeKind(named: kind),
            time: time,
            phase: try .stored(phase, "phase of a change"),
            application: application,
            environment: environment,
            place: ChangeLocation(cluster: cluster, namespace: namespace, zone: zone, nodes: nodes ?? []),
            version: version,
            summary: summary
        )
    }
}
