import Benchmark
import Harness
import Judging
import Measuring
import Subjects

/// How many pairs the judge `conditions` gets through.
enum ConditionsBenchmarks {
    private static let number = 16

    static func benchmark(samples: Int) {
        Benchmark.race("conditions-\(samples)", between: ["conditions"]) {
            let settings = MetricSettings(
                direction: .increase,
                passCondition: try Condition(parsing: "canary <= max(1.03 * control, 0.01) and p95(canary) <= 150"),
                marginalCondition: try Condition(parsing: "canary <= 1.2 * control")
            )
            let pairs = SampleKind.normal.pairs(number, samples: samples, settings: settings)
            let judge = ConditionsJudge()
            let rules = ScoringRules()
            try check(
                judge.judge(pairs, by: rules).metrics
                    .allSatisfy { $0.classification != .error && $0.classification != .nodata },
                "conditions cannot judge the samples"
            )
            return [.here("conditions", unitsPerCall: number) { keep(judge.judge(pairs, by: rules)) }]
        }
    }
}
