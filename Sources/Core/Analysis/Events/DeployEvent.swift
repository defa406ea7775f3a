/// "Version V of application A is now receiving traffic in environment E."
package struct DeployEvent: Sendable, Equatable, Codable {
    package enum Phase: String, Sendable, Codable, CaseIterable {
        /// The version receives traffic: starts an analysis, or updates the one of the same version.
        case deployed
        /// Another system rolled the release back or removed it: cancels the analysis of the version.
        case cancelled
    }

    package var identity: EventIdentity
    /// When the version began to receive traffic; nil when the event does not say.
    package var time: Timestamp?
    package var phase: Phase
    package var application: String
    package var environment: String
    package var namespace: String?
    package var cluster: String?
    package var zone: String?
    /// Where the new version runs; nil where that is not told.
    package var nodes: [String]?
    package var version: String
    package var imageDigest: String?
    /// What tells the actor on the verdict this release from a newer one: pod template hash, image digest or generation.
    package var revision: String?
    /// The name of the workload that a rollout controller acts on; the application's name when nil.
    package var workload: String?
    package var control: ControlScope?
    /// Labels of the new version's series; completes and overrides the plan's.
    package var experiment: ScopeLabels?
    /// Percent of traffic that the new version receives.
    package var weight: Double?
    /// Chooses a plan by its name instead of by application and environment.
    package var planName: String?
    /// A whole plan, as the sender wrote it; wins over any plan of the directory.
    package var inlinePlan: String?
    /// W3C trace context of the pipeline run that caused the deployment.
    package var traceparent: String?

    package init(
        identity: EventIdentity,
        time: Timestamp? = nil,
        phase: Phase = .deployed,
        application: String,
        environment: String,
        namespace: String? = nil,
        cluster: String? = nil,
        zone: String? = nil,
        nodes: [String]? = nil,
        version: String,
        imageDigest: String? = nil,
        revision: String? = nil,
        workload: String? = nil,
        control: ControlScope? = nil,
        experiment: ScopeLabels? = nil,
        weight: Double? = nil,
        planName: String? = nil,
        inlinePlan: String? = nil,
        traceparent: String? = nil
    ) {
        self.identity = identity
        self.time = time
        self.phase = phase
        self.application = application
        self.environment = environment
        self.namespace = namespace
        self.cluster = cluster
        self.zone = zone
        self.nodes = nodes
        self.version = version
        self.imageDigest = imageDigest
        self.revision = revision
        self.workload = workload
        self.control = control
        self.experiment = experiment
        self.weight = weight
        self.planName = planName
        self.inlinePlan = inlinePlan
        self.traceparent = traceparent
    }
}

/// CloudEvents source and id: together they name an event, and the same pair again is the same event.
package struct EventIdentity: Sendable, Hashable, Codable {
    package var source: String
    package var id: String

    package init(source: String, id: String) {
        self.source = source
        self.id = id
    }
}

/// An application in an environment: what plans are chosen by. Which release it is says `ReleaseIdentity`.
package struct ReleaseKey: Sendable, Hashable, Codable {
    package var application: String
    package var environment: String

    package init(application: String, environment: String) {
        self.application = application
        self.environment = environment
    }
}
