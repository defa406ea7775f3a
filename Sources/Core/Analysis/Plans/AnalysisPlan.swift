package import Judging

/// What to measure and how to judge.
package struct AnalysisPlan: Sendable, Equatable {
    package var name: String
    /// Which applications and environments the plan is for.
    package var match: PlanMatch
    package var scopes: PlanScopes
    /// What deploy events may do with it.
    package var events: EventPermissions
    /// The judge's name, one of `Judges.names`.
    package var judge: String
    package var schedule: AnalysisSchedule
    package var thresholds: Thresholds
    /// Percent of the overall score per group; groups not named share what is left to 100.
    package var groupWeights: [String: Double]
    package var failFast: FailFast
    package var otherChanges = OtherChangesPolicy.tell
    /// A side with fewer samples than this counts as having no data; at least 1.
    package var minimumSamples: Int
    /// Read by the judge `sequential`.
    package var sequential: SequentialPolicy
    package var metrics: [PlannedMetric]

    package static let maximumMetrics = 500
    /// Fewer samples say too little to a judge that sees them all at once.
    package static let minimumSamplesOfWindows = 5

    package init(
        name: String,
        match: PlanMatch = PlanMatch(),
        scopes: PlanScopes = PlanScopes(),
        events: EventPermissions = EventPermissions(),
        judge: String = "NetflixACAJudge-v1.0",
        schedule: AnalysisSchedule,
        thresholds: Thresholds = Thresholds(),
        groupWeights: [String: Double] = [:],
        failFast: FailFast = .onFail,
        minimumSamples: Int = minimumSamplesOfWindows,
        sequential: SequentialPolicy = SequentialPolicy(),
        metrics: [PlannedMetric]
    ) {
        self.name = name
        self.match = match
        self.scopes = scopes
        self.events = events
        self.judge = judge
        self.schedule = schedule
        self.thresholds = thresholds
        self.groupWeights = groupWeights
        self.failFast = failFast
        self.minimumSamples = minimumSamples
        self.sequential = sequential
        self.metrics = metrics
    }

    /// The group of all metrics in a plan that names none.
    package static let onlyGroup = "all"

    /// The groups that a metric counts in. Kayenta's judge scores groups only, so that without this a plan that names no
    /// group at all could pass no release.
    package func groups(of metric: PlannedMetric) -> [String] {
        let namesGroups = metrics.contains { !$0.muted && !$0.groups.isEmpty }
        return namesGroups || judge == "conditions" ? metric.groups : [Self.onlyGroup]
    }

    package var scoringRules: ScoringRules {
        ScoringRules(
            pass: thresholds.pass,
            marginal: thresholds.marginal,
            groupWeights: groupWeights,
            levels: SequentialLevels(alpha: sequential.alpha, beta: sequential.beta)
        )
    }
}

/// The scores, 0 to 100, from which a judgement passes or is marginal.
package struct Thresholds: Sendable, Equatable {
    package var pass: Double
    package var marginal: Double

    package init(pass: Double = 95, marginal: Double = 75) {
        self.pass = pass
        self.marginal = marginal
    }
}

/// Whether an interim look may end the analysis with a failed verdict.
package enum FailFast: String, Sendable, Codable, CaseIterable {
    /// Any look whose result is fail.
    case onFail
    /// Only a look in which a critical metric fails.
    case onCritical
    /// Only the last look decides.
    case never
}

/// The label values of both sides where the event does not give them. Values may hold `${application}`-style variables.
package struct PlanScopes: Sendable, Equatable {
    package var control: ControlScope?
    package var experiment: ScopeLabels?

    package init(control: ControlScope? = nil, experiment: ScopeLabels? = nil) {
        self.control = control
        self.experiment = experiment
    }
}
