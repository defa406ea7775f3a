import Analysis
import Testing

@Suite struct EventPlanLimitsTests {
    private static func plan(_ change: (inout AnalysisPlan) -> Void = { _ in }) -> AnalysisPlan {
        var plan = AnalysisPlan(
            name: "own",
            schedule: AnalysisSchedule(step: .seconds(15), interval: .seconds(60), lifetime: .seconds(300)),
            metrics: [PlannedMetric(name: "m", query: "up")]
        )
        change(&plan)
        return plan
    }

    private static let heavy: @Sendable (inout AnalysisPlan) -> Void = { plan in
        plan.schedule = AnalysisSchedule(step: .seconds(1), interval: .seconds(3600), lifetime: .seconds(10_800))
        plan.metrics = (0..<5).map { PlannedMetric(name: "m\($0)", query: "up") }
    }

    @Test func anOrdinaryPlanKeepsThem() {
        #expect(EventPlanLimits().problem(of: Self.plan()) == nil)
    }

    @Test(
        "A plan that asks for too little or too much is told the limit and its setting",
        arguments: [
            (
                { $0.schedule.lifetime = .seconds(60) },
                "schedule.lifetime: 1m is too short: the plan of an event must look for 5m or longer (eventPlans.minimumLifetime)"
            ),
            (
                {
                    $0.schedule.interval = .seconds(15); $0.schedule.lifetime = .seconds(1515)
                }, "schedule.interval: gives 101 looks; the plan of an event may have 100 (eventPlans.maximumLooks)"
            ),
            (
                { $0.minimumSamples = 4 },
                "minimumSamples: 4 is too few: the plan of an event must ask for 5 or more (eventPlans.minimumSamples)"
            ),
            (
                heavy,
                "metrics: ask for 108000 samples, of all metrics and sides together; the plan of an event may ask for 50000 (eventPlans.maximumSamples)"
            ),
        ] as [(@Sendable (inout AnalysisPlan) -> Void, String)]
    )
    func refused(change: @Sendable (inout AnalysisPlan) -> Void, problem: String) {
        #expect(EventPlanLimits().problem(of: Self.plan(change))?.description == problem)
    }

    @Test func theOperatorSetsThem() {
        let limits = EventPlanLimits(
            minimumLifetime: .seconds(1),
            maximumLooks: 1,
            minimumSamples: 1,
            maximumSamples: 108_000
        )
        let plan = Self.plan(Self.heavy)
        #expect(limits.problem(of: plan)?.field == "schedule.interval")
        #expect(EventPlanLimits(maximumLooks: 3, maximumSamples: 108_000).problem(of: plan) == nil)
    }
}
