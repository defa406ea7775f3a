package import Analysis

/// A deploy event. Form 2: its own number.
package struct DeployEventForm: StoredForm {
    package static let newest = 2
    package static let name = "deploy event"

    struct Identity: Codable {
        var source: String
        var id: String

        init(source: String, id: String) {
            self.source = source
            self.id = id
        }

        init(_ identity: EventIdentity) { self.init(source: identity.source, id: identity.id) }

        var value: EventIdentity { EventIdentity(source: source, id: id) }
    }

    package var form: Int?
    var identity: Identity
    var time: Timestamp?
    var phase: String
    var application: String
    var environment: String
    var namespace: String?
    var cluster: String?
    var zone: String?
    var nodes: [String]?
    var version: String
    var imageDigest: String?
    var revision: String?
    var workload: String?
    var control: ControlForm?
    var experiment: [String: String]?
    var weight: Double?
    var planName: String?
    var inlinePlan: String?
    var traceparent: String?

    package init(_ event: DeployEvent) {
        form = Self.newest
        identity = Identity(source: event.identity.source, id: event.identity.id)
        time = event.time
        phase = event.phase.rawValue
        application = event.application
        environment = event.environment
        namespace = event.namespace
        cluster = event.cluster
        zone = event.zone
        nodes = event.nodes
        version = event.version
        imageDigest = event.imageDigest
        revision = event.revision
        workload = event.workload
        control = event.control.map(ControlForm.init)
        experiment = event.experiment
        weight = event.weight
        planName = event.planName
        inlinePlan = event.inlinePlan
        traceparent = event.traceparent
    }

    package func value() throws(FormError) -> DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: identity.source, id: identity.id),
            time: time,
            phase: try .stored(phase, "kind of deploy event"),
            application: application,
            environment: environment,
            namespace: namespace,
            cluster: cluster,
            zone: zone,
            nodes: nodes,
            version: version,
            imageDigest: imageDigest,
            revision: revision,
            workload: workload,
            control: try control?.value(),
            experiment: experiment,
            weight: weight,
            planName: planName,
            inlinePlan: inlinePlan,
            traceparent: traceparent
        )
    }
}

/// Either labels or a time before.
struct ControlForm: Codable {
    var labels: [String: String]?
    var before: String?

    init(_ control: ControlScope) {
        switch control {
        case .labels(let labels): self.labels = labels
        case .before(let offset): before = offset.compactText
        }
    }

    func value() throws(FormError) -> ControlScope {
        switch (labels, before.map { Duration(compactText: $0) }) {
        case (let labels?, nil): return .labels(labels)
        case (nil, .some(let offset?)) where offset > .zero: return .before(offset)
        default: throw FormError(.malformed, "the stored control has neither labels nor a time before, or both")
        }
    }
}
