import Analysis
import Judging

/// The plan of a session as the HTTP interface shows it: what decides, in the words of plan files.
struct PlanView: Codable, Sendable {
    struct Schedule: Codable, Sendable {
        var warmup: String
        var step: String
        var interval: String
        var lifetime: String
        /// `growing`, or the length of a sliding window.
        var window: String
        var delay: String
        var deadline: String
    }

    /// Scores from which a judgement passes, or is marginal.
    struct Limits: Codable, Sendable {
        var pass: Double
        var marginal: Double
    }

    struct Metric: Codable, Sendable {
        var name: String
        /// As the plan has it, with its variables; what was sent stands in the verdicts.
        var query: String
        var groups: [String]
        var direction: String
        var critical: Bool
        var muted: Bool
        var noData: String
        var condition: String?
        var marginal: String?
    }

    var name: String
    var judge: String
    var schedule: Schedule
    var thresholds: Limits
    var failFast: String
    var minimumSamples: Int
    var metrics: [Metric]

    init(_ plan: AnalysisPlan) {
        name = plan.name
        judge = plan.judge
        let times = plan.schedule
        let window = if case .sliding(let span) = times.window { span.compactText } else { "growing" }
        schedule = Schedule(
            warmup: times.warmup.compactText,
            step: times.step.compactText,
            interval: times.interval.compactText,
            lifetime: times.lifetime.compactText,
            window: window,
            delay: times.delay.compactText,
            deadline: times.deadline.compactText
        )
        thresholds = Limits(pass: plan.thresholds.pass, marginal: plan.thresholds.marginal)
        failFast = plan.failFast.rawValue
        minimumSamples = plan.minimumSamples
        metrics = plan.metrics.map { metric in
            Metric(
                name: metric.name,
                query: metric.query,
                groups: plan.groups(of: metric),
                direction: metric.direction.rawValue,
                critical: metric.critical,
                muted: metric.muted,
                noData: metric.noData.rawValue,
                condition: metric.condition?.text,
                marginal: metric.marginal?.text
            )
        }
    }
}
