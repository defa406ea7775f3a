import Analysis
import Judging
import Testing

@Suite struct AnalysisPlanProblemsTests {
    private static func plan(_ change: (inout AnalysisPlan) -> Void = { _ in }) -> AnalysisPlan {
        var plan = AnalysisPlan(
            name: "p",
            schedule: AnalysisSchedule(step: .seconds(15), interval: .seconds(60), lifetime: .seconds(900)),
            metrics: [PlannedMetric(name: "m", query: "up", groups: ["g"])]
        )
        change(&plan)
        return plan
    }

    @Test func accepted() throws {
        #expect(Self.plan().problems == [])
        #expect(Self.plan { $0.groupWeights = ["g": 99.9, "h": 0.1] }.problems == [])
        #expect(
            Self.plan { $0.scopes = PlanScopes(control: .before(.seconds(60)), experiment: ["a": "${version}"]) }
                .problems == []
        )
        let condition = try Condition(parsing: "canary < 1")
        let conditions = Self.plan {
            $0.judge = "conditions"
            $0.metrics[0].condition = condition
            $0.metrics[0].weight = 2
        }
        #expect(conditions.problems == [])
    }

    @Test(
        "Each broken rule names its field",
        arguments: [
            Change("name", { $0.name = "" }), Change("name", { $0.name = String(repeating: "n", count: 129) }),
            Change("name", { $0.name = "a\u{9B}31m" }),
            Change("metrics[0].name", { $0.metrics[0].name = "a\u{202E}b" }),
            Change("metrics[0].groups", { $0.metrics[0].groups = ["a\u{2028}b"] }),
            Change("thresholds", { $0.thresholds.pass = 101 }), Change("thresholds", { $0.thresholds.marginal = -1 }),
            Change("thresholds", { $0.thresholds.pass = .nan }),
            Change("thresholds.marginal", { $0.thresholds.marginal = 96 }),
            Change("minimumSamples", { $0.minimumSamples = 0 }), Change("minimumSamples", { $0.minimumSamples = .max }),
            Change("minimumSamples", { $0.minimumSamples = 61 }),
            Change("groupWeights.g", { $0.groupWeights = ["g": -1] }),
            Change("groupWeights.g", { $0.groupWeights = ["g": .nan] }),
            Change("groupWeights", { $0.groupWeights = ["g": 60, "h": 41] }),
            Change("match.applications[1]", { $0.match.applications = ["a", ""] }),
            Change("match.environments", { $0.match.environments = Array(repeating: "e", count: 65) }),
            Change("scopes.control.labels", { $0.scopes.control = .labels([:]) }),
            Change("scopes.control.labels.a-b", { $0.scopes.control = .labels(["a-b": "x"]) }),
            Change("scopes.control.before", { $0.scopes.control = .before(.zero) }),
            Change("scopes.experiment.labels.a", { $0.scopes.experiment = ["a": ""] }),
            Change("schedule.step", { $0.schedule.step = .milliseconds(999) }),
            Change("schedule.step", { $0.schedule.step = .seconds(3601) }),
            Change("schedule.interval", { $0.schedule.interval = .seconds(50) }),
            Change("schedule.interval", { $0.schedule.interval = .zero }),
            Change("schedule.lifetime", { $0.schedule.lifetime = .seconds(901) }),
            Change(
                "schedule.lifetime",
                {
                    $0.schedule.lifetime = .seconds(30); $0.minimumSamples = 1
                }
            ),
            Change(
                "schedule.lifetime",
                {
                    $0.schedule = AnalysisSchedule(
                        step: .seconds(3600),
                        interval: .seconds(3600),
                        lifetime: .seconds(15 * 86_400)
                    )
                }
            ),
            Change("schedule.warmup", { $0.schedule.warmup = .seconds(-1) }),
            Change("schedule.warmup", { $0.schedule.warmup = .seconds(86_401) }),
            Change("schedule.delay", { $0.schedule.delay = .seconds(3601) }),
            Change("schedule.deadline", { $0.schedule.deadline = .seconds(-1) }),
            Change("schedule.window", { $0.schedule.window = .sliding(.seconds(50)) }),
            Change(
                "schedule.window",
                {
                    $0.schedule.window = .sliding(.zero); $0.minimumSamples = 1
                }
            ),
            Change(
                "schedule.step",
                {
                    $0.schedule = AnalysisSchedule(
                        step: .seconds(1),
                        interval: .seconds(60),
                        lifetime: .seconds(12_000)
                    )
                }
            ),
            Change("metrics", { $0.metrics = [] }),
            Change("metrics", { $0.metrics = Array(repeating: $0.metrics[0], count: 501) }),
            Change("metrics[0].name", { $0.metrics[0].name = "" }),
            Change("metrics[1].name", { $0.metrics.append($0.metrics[0]) }),
            Change("metrics[0].query", { $0.metrics[0].query = "" }),
            Change("metrics[0].query", { $0.metrics[0].query = String(repeating: "q", count: 16_385) }),
            Change("metrics[0].weight", { $0.metrics[0].weight = 0 }),
            Change("metrics[0].weight", { $0.metrics[0].weight = 2 }),
            Change("metrics[0].weight", { $0.metrics[0].weight = .infinity }),
            Change("metrics[0].outliers", { $0.metrics[0].outlierFactor = 0 }),
            Change("metrics[0].outliers", { $0.metrics[0].outlierFactor = .nan }),
            Change("metrics[0].effect.criticalDecrease", { $0.metrics[0].effect.criticalDecrease = .infinity }),
            Change("metrics[0].groups", { $0.metrics[0].groups = [""] }),
            Change("metrics[0].groups", { $0.metrics[0].groups = Array(repeating: "g", count: 17) }),
            Change("metrics[0].condition", { $0.judge = "conditions" }),
        ] as [Change<AnalysisPlan>]
    )
    func refused(change: Change<AnalysisPlan>) {
        let field = change.field
        let problems = Self.plan(change.apply).problems
        #expect(problems.map(\.field).contains(field), "\(problems)")
        #expect(problems.allSatisfy { !$0.problem.isEmpty })
    }

    @Test(arguments: [(5000, [String]()), (5001, ["schedule.interval"])])
    func looksAreBounded(looks: Int, fields: [String]) {
        let plan = Self.plan {
            $0.schedule = AnalysisSchedule(step: .seconds(1), interval: .seconds(1), lifetime: .seconds(looks))
            $0.schedule.window = .sliding(.seconds(60))
        }
        #expect(plan.problems.map(\.field) == fields)
    }

    @Test("All broken rules are reported together") func together() {
        let plan = Self.plan {
            $0.name = ""
            $0.schedule.interval = .seconds(7)
            $0.metrics[0].query = ""
        }
        #expect(plan.problems.map(\.field) == ["schedule.interval", "name", "metrics[0].query"])
    }

    @Test func conditionsAreOnlyForTheirJudge() throws {
        let condition = try Condition(parsing: "canary < 1")
        let plan = Self.plan { $0.metrics[0].marginal = condition }
        #expect(plan.problems.map(\.field) == ["metrics[0].condition"])
    }
}
