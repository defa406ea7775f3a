/// The release that a plan is tried for: what a deploy event would say.
package struct LiveRelease: Sendable {
    package var application: String?
    package var environment: String?
    package var version: String?
    package var namespace: String?
    package var control: ScopeLabels
    package var experiment: ScopeLabels
    /// Percent of the requests that the new version gets.
    package var weight: Double?

    package init(
        application: String?,
        environment: String?,
        version: String?,
        namespace: String?,
        control: ScopeLabels,
        experiment: ScopeLabels,
        weight: Double? = nil
    ) {
        self.application = application
        self.environment = environment
        self.version = version
        self.namespace = namespace
        self.control = control
        self.experiment = experiment
        self.weight = weight
    }

    /// The first name among patterns.
    package static func name(of patterns: [String]) -> String? {
        patterns.first { !$0.contains("*") && !$0.contains("?") }
    }

    /// A session whose last look has all its samples by now.
    package func session(of plan: AnalysisPlan, at now: Timestamp) -> AnalysisSession {
        let schedule = plan.schedule
        let age = schedule.warmup + schedule.lifetime + schedule.delay + schedule.step
        let event = DeployEvent(
            identity: EventIdentity(source: "/assay/validate", id: "live"),
            time: now - age,
            application: application ?? "",
            environment: environment ?? "",
            namespace: namespace,
            version: version ?? "",
            control: control.isEmpty ? nil : .labels(control),
            experiment: experiment.isEmpty ? nil : experiment,
            weight: weight
        )
        return AnalysisSession(id: "live", event: event, plan: plan, receivedAt: now)
    }
}
