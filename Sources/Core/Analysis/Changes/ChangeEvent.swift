/// "Something was changed": a version, a configuration, a flag, what applications run on. It opens no analysis; it is kept,
/// and named where an analysis asks what else changed.
package struct ChangeEvent: Sendable, Equatable {
    package var identity: EventIdentity
    package var kind: ChangeKind
    /// When it took effect; nil when the event does not say.
    package var time: Timestamp?
    /// `cancelled` where the change was taken back.
    package var phase: DeployEvent.Phase
    /// Nil where no application was changed, but what applications run on.
    package var application: String?
    /// Nil for all.
    package var environment: String?
    package var place: ChangeLocation
    package var version: String?
    /// What was changed, for people.
    package var summary: String?

    package init(
        identity: EventIdentity,
        kind: ChangeKind,
        time: Timestamp? = nil,
        phase: DeployEvent.Phase = .deployed,
        application: String? = nil,
        environment: String? = nil,
        place: ChangeLocation = ChangeLocation(),
        version: String? = nil,
        summary: String? = nil
    ) {
        self.identity = identity
        self.kind = kind
        self.time = time
        self.phase = phase
        self.application = application
        self.environment = environment
        self.place = place
        self.version = version
        self.summary = summary
    }

    /// A version that was deployed or withdrawn is a change too.
    package init(_ event: DeployEvent) {
        self.init(
            identity: event.identity,
            kind: .service,
            time: event.time,
            phase: event.phase,
            application: event.application,
            environment: event.environment,
            place: ChangeLocation(event),
            version: event.version
        )
    }
}

/// Where something was changed, as far as it is told.
package struct ChangeLocation: Sendable, Equatable {
    package var cluster: String?
    package var namespace: String?
    package var zone: String?
    /// Empty where they are not told.
    package var nodes: [String]

    package init(cluster: String? = nil, namespace: String? = nil, zone: String? = nil, nodes: [String] = []) {
        self.cluster = cluster
        self.namespace = namespace
        self.zone = zone
        self.nodes = nodes
    }

    package init(_ event: DeployEvent) {
        self.init(
            cluster: event.cluster,
            namespace: event.namespace,
            zone: event.zone,
            nodes: event.nodes ?? []
        )
    }

    /// Whether it names what several applications share.
    package var isShared: Bool { zone != nil || !nodes.isEmpty }
}

/// A change that was taken in.
package struct KnownChange: Sendable, Equatable {
    package var event: ChangeEvent
    /// When it took effect: no later than it was received.
    package var at: Timestamp

    package init(_ event: ChangeEvent, at: Timestamp) {
        self.event = event
        self.at = at
    }

    package init(_ event: ChangeEvent, receivedAt: Timestamp) {
        self.init(event, at: min(event.time ?? receivedAt, receivedAt))
    }
}
