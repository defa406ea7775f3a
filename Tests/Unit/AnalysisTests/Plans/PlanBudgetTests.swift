import Analysis
import Judging
import Testing

/// Values that are each within their limit, and together are more than one analysis may cost.
@Suite struct PlanBudgetTests {
    private static func plan(
        metrics: Int,
        step: Duration = .seconds(1),
        interval: Duration,
        lifetime: Duration,
        window: AnalysisSchedule.Window = .growing,
        query: String = "up"
    ) -> AnalysisPlan {
        AnalysisPlan(
            name: "p",
            schedule: AnalysisSchedule(step: step, interval: interval, lifetime: lifetime, window: window),
            metrics: (0..<metrics).map { PlannedMetric(name: "m\($0)", query: query, groups: ["g"]) }
        )
    }

    private static func problems(_ plan: AnalysisPlan) -> [String] { plan.problems.map(\.description) }

    @Test func samplesOfALook() {
        let hours = Duration.seconds(10_980)
        #expect(
            Self.problems(Self.plan(metrics: 500, interval: hours, lifetime: hours)).first
                == "metrics: 1000 queries for 10980 samples each make 10980000 samples a look; one analysis may have "
                + "200000: lengthen the step, shorten the window, or split the plan"
        )
        let most = Duration.seconds(200)
        #expect(Self.problems(Self.plan(metrics: 500, interval: most, lifetime: most)).isEmpty)
        let more = Duration.seconds(201)
        #expect(Self.problems(Self.plan(metrics: 500, interval: more, lifetime: more)).count == 1)
    }

    @Test("A metric that is asked for on one side counts once") func sides() throws {
        let most = Duration.seconds(400)
        var plan = Self.plan(metrics: 500, interval: most, lifetime: most)
        #expect(Self.problems(plan).count == 1)
        plan.judge = "conditions"
        let condition = try Condition(parsing: "canary < 1")
        for index in plan.metrics.indices { plan.metrics[index].condition = condition }
        #expect(plan.samplesAtLastLook == 200_000)
        #expect(Self.problems(plan).isEmpty)
    }

    @Test("Events and requests are two queries a side, where they are asked for") func counts() {
        let most = Duration.seconds(200)
        var plan = Self.plan(metrics: 500, interval: most, lifetime: most)
        for index in plan.metrics.indices {
            plan.metrics[index].input = .counts(events: CountQuery(query: "e"), requests: CountQuery(query: "r"))
        }
        // Other judges ask for their quotient.
        #expect(plan.samplesAtLastLook == 200_000)
        plan.judge = "sequential"
        #expect(plan.samplesAtLastLook == 400_000)
        #expect(Self.problems(plan).first?.hasPrefix("metrics: 2000 queries for 200 samples each make 400000") == true)
    }

    @Test("A sliding window keeps the samples of the whole lifetime") func samplesOfAnAnalysis() {
        let plan = Self.plan(
            metrics: 100,
            interval: .seconds(3600),
            lifetime: .seconds(7200),
            window: .sliding(.seconds(60))
        )
        #expect(
            Self.problems(plan) == [
                "metrics: 200 queries for 7200 steps each make 1440000 samples in all; one analysis may have 1000000: "
                    + "lengthen the step, or shorten the lifetime"
            ]
        )
    }

    @Test func resultsOfAllLooks() {
        let plan = Self.plan(
            metrics: 500,
            interval: .seconds(1),
            lifetime: .seconds(1000),
            window: .sliding(.seconds(60))
        )
        #expect(
            Self.problems(plan) == [
                "metrics: 500 metrics in 1000 looks make 500000 results; one analysis may have 100000: lengthen the interval"
            ]
        )
    }

    @Test("An alias repeats a query for nothing; reading it is work each time") func queryBytes() {
        let plan = Self.plan(
            metrics: 100,
            step: .seconds(15),
            interval: .seconds(60),
            lifetime: .seconds(600),
            query: String(repeating: "a", count: 16_384)
        )
        #expect(Self.problems(plan).first?.contains("the queries have 1638400 bytes together") == true)
    }

    @Test("Neither a broken schedule nor too many metrics overflow") func broken() {
        let plan = Self.plan(metrics: 501, step: .zero, interval: .zero, lifetime: .seconds(Int64.max / 2000))
        #expect(!plan.problems.isEmpty)
    }
}
