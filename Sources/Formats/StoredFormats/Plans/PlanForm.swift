package import Analysis

/// A plan, as the analysis that goes by it keeps it. Its number is that of the analysis.
package struct PlanForm: StoredForm {
    package static let newest = 2
    package static let name = "plan"

    struct Match: Codable {
        var applications: [String]
        var environments: [String]
    }

    struct Scopes: Codable {
        var control: ControlForm?
        var experiment: [String: String]?
    }

    /// What events may do with the plan. Of a name that this version does not know, the narrowest is meant.
    struct Events: Codable {
        var labels: String
        var releases: String

        var value: EventPermissions {
            EventPermissions(
                labels: .init(rawValue: labels) ?? .fixed,
                releases: .init(rawValue: releases) ?? .matching
            )
        }
    }

    package var form: Int?
    var name: String
    var match: Match
    var scopes: Scopes
    /// Absent in plans of version 0.1.0.
    var events: Events?
    var judge: String
    var schedule: ScheduleForm
    var thresholds: ThresholdsForm
    var groupWeights: [String: Double]
    var failFast: String
    /// Absent for `tell`.
    var otherChanges: String?
    var minimumSamples: Int
    /// Absent in plans of version 0.1.0.
    var sequential: SequentialPolicyForm?
    var metrics: [PlannedMetricForm]

    package init(_ plan: AnalysisPlan) {
        name = plan.name
        match = Match(applications: plan.match.applications, environments: plan.match.environments)
        scopes = Scopes(control: plan.scopes.control.map(ControlForm.init), experiment: plan.scopes.experiment)
        events = Events(labels: plan.events.labels.rawValue, releases: plan.events.releases.rawValue)
        judge = plan.judge
        schedule = ScheduleForm(plan.schedule)
        thresholds = ThresholdsForm(plan.thresholds)
        groupWeights = plan.groupWeights
        failFast = plan.failFast.rawValue
        otherChanges = plan.otherChanges == .tell ? nil : plan.otherChanges.rawValue
        minimumSamples = plan.minimumSamples
        sequential = SequentialPolicyForm(plan.sequential)
        metrics = plan.metrics.map(PlannedMetricForm.init)
    }

    package func value() throws(FormError) -> AnalysisPlan {
        var metrics: [PlannedMetric] = []
        metrics.reserveCapacity(self.metrics.count)
        for metric in self.metrics { metrics.append(try metric.value()) }
        var plan = AnalysisPlan(
            name: name,
            match: PlanMatch(applications: match.applications, environments: match.environments),
            scopes: PlanScopes(control: try scopes.control?.value(), experiment: scopes.experiment),
            events: events.map(\.value) ?? EventPermissions(),
            judge: judge,
            schedule: try schedule.value(),
            thresholds: thresholds.value,
            groupWeights: groupWeights,
            failFast: try .stored(failFast, "failFast"),
            minimumSamples: minimumSamples,
            sequential: try sequential?.value() ?? SequentialPolicy(),
            metrics: metrics
        )
        if let otherChanges { plan.otherChanges = try .stored(otherChanges, "otherChanges") }
        return plan
    }
}

struct SequentialPolicyForm: Codable {
    var alpha: Double
    var beta: Double
    var undecided: String
    var minimumRequests: Double
    var passesWithWrongSplit: Bool
    var passAfter: Duration?

    init(_ policy: SequentialPolicy) {
        alpha = policy.alpha
        beta = policy.beta
        undecided = policy.undecided.rawValue
        minimumRequests = policy.minimumRequests
        passesWithWrongSplit = policy.passesWithWrongSplit
        passAfter = policy.passAfter == .zero ? nil : policy.passAfter
    }

    func value() throws(FormError) -> SequentialPolicy {
        SequentialPolicy(
            alpha: alpha,
            beta: beta,
            undecided: try .stored(undecided, "end of an undecided analysis"),
            minimumRequests: minimumRequests,
            passesWithWrongSplit: passesWithWrongSplit,
            passAfter: passAfter ?? .zero
        )
    }
}

struct ThresholdsForm: Codable {
    var pass: Double
    var marginal: Double

    init(_ thresholds: Thresholds) {
        pass = thresholds.pass
        marginal = thresholds.marginal
    }

    var value: Thresholds { Thresholds(pass: pass, marginal: marginal) }
}

/// Times are as the standard library writes a `Duration`: its two halves in attoseconds.
struct ScheduleForm: Codable {
    /// Exactly one of the two.
    struct Window: Codable {
        struct Growing: Codable {}

        struct Sliding: Codable {
            var _0: Duration
        }

        var growing: Growing?
        var sliding: Sliding?
    }

    var warmup: Duration
    var step: Duration
    var interval: Duration
    var lifetime: Duration
    var window: Window
    var delay: Duration
    var deadline: Duration

    init(_ schedule: AnalysisSchedule) {
        warmup = schedule.warmup
        step = schedule.step
        interval = schedule.interval
        lifetime = schedule.lifetime
        window =
            switch schedule.window {
            case .growing: Window(growing: .init())
            case .sliding(let span): Window(sliding: .init(_0: span))
            }
        delay = schedule.delay
        deadline = schedule.deadline
    }

    func value() throws(FormError) -> AnalysisSchedule {
        let window: AnalysisSchedule.Window =
            switch (self.window.growing, self.window.sliding) {
            case (.some, nil): .growing
            case (nil, let sliding?): .sliding(sliding._0)
            default: throw FormError(.malformed, "the stored window is neither growing nor sliding, or both")
            }
        return AnalysisSchedule(
            warmup: warmup,
            step: step,
            interval: interval,
            lifetime: lifetime,
            window: window,
            delay: delay,
            deadline: deadline
        )
    }
}
