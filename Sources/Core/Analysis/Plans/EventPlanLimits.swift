import Judging

/// How little, and how much, a plan may ask for that a deploy event brings along.
package struct EventPlanLimits: Sendable, Equatable {
    package var minimumLifetime: Duration
    package var maximumLooks: Int
    /// Of each side.
    package var minimumSamples: Int
    /// Of all metrics and sides together, at the last look.
    package var maximumSamples: Int

    package init(
        minimumLifetime: Duration = .seconds(300),
        maximumLooks: Int = 100,
        minimumSamples: Int = 5,
        maximumSamples: Int = 50_000
    ) {
        self.minimumLifetime = minimumLifetime
        self.maximumLooks = maximumLooks
        self.minimumSamples = minimumSamples
        self.maximumSamples = maximumSamples
    }

    /// The first limit that a plan breaks, with its value; nil when it keeps all of them.
    package func problem(of plan: AnalysisPlan) -> PlanError? {
        let schedule = plan.schedule
        guard schedule.lifetime >= minimumLifetime else {
            return error(
                "schedule.lifetime",
                "\(schedule.lifetime.compactText) is too short: the plan of an event must look for \(minimumLifetime.compactText)"
                    + " or longer",
                "minimumLifetime"
            )
        }
        let looks = schedule.lookCount
        guard looks <= maximumLooks else {
            return error(
                "schedule.interval",
                "gives \(looks) looks; the plan of an event may have \(maximumLooks)",
                "maximumLooks"
            )
        }
        // Few samples are little evidence to the sequential judge, and decide nothing.
        guard plan.judge == SequentialJudge.name || plan.minimumSamples >= minimumSamples else {
            return error(
                "minimumSamples",
                "\(plan.minimumSamples) is too few: the plan of an event must ask for \(minimumSamples) or more",
                "minimumSamples"
            )
        }
        let samples = plan.samplesAtLastLook
        guard samples <= maximumSamples else {
            return error(
                "metrics",
                "ask for \(samples) samples, of all metrics and sides together; the plan of an event may ask for"
                    + " \(maximumSamples)",
                "maximumSamples"
            )
        }
        return nil
    }

    private func error(_ field: String, _ problem: String, _ setting: String) -> PlanError {
        PlanError(field: field, problem: "\(problem) (eventPlans.\(setting))")
    }
}
