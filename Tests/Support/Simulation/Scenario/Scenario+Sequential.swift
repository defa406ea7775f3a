import Analysis
import Judging
import SeededRandom

/// Plans whose judge keeps a state of each metric.
extension Scenario {
    /// What a metric of such a plan is compared by.
    private enum Comparison: CaseIterable {
        case counts
        case gauge
        /// A gauge whose experiment is older than the release.
        case pairs
        case latency
    }

    static func sequentialPlan(pace: Pace, _ generator: inout SeededGenerator) -> AnalysisPlan {
        let interval = pace.step * 4
        let lifetime = interval * generator.integer(2...5)
        let warmup = generator.chance(0.5) ? .zero : pace.step
        let isPast = generator.chance(0.2)
        let metrics = (0..<generator.integer(1...2)).map { number in
            let comparison = generator.element(of: [.counts, .counts, .gauge, .pairs, .latency] as [Comparison])
            let noData = generator.element(of: [.hold, .hold, .hold, .fail, .zero] as [NoDataPolicy])
            return isPast
                ? PlannedMetric(name: "metric-\(number)", query: query("past_\(number)"), direction: .increase)
                : metric(number, by: comparison, noData: noData)
        }
        return AnalysisPlan(
            name: "plan",
            scopes: PlanScopes(
                control: isPast
                    ? .before(warmup + lifetime) : .labels(["app": "${application}", "track": "stable"]),
                experiment: ["app": "${application}", "track": "canary"]
            ),
            judge: SequentialJudge.name,
            schedule: AnalysisSchedule(
                warmup: warmup,
                step: pace.step,
                interval: interval,
                lifetime: lifetime,
                delay: pace.lateness + .seconds(5),
                deadline: generator.chance(0.8) ? pace.end : pace.unit * 60
            ),
            failFast: generator.element(of: FailFast.allCases),
            minimumSamples: 3,
            sequential: SequentialPolicy(
                undecided: generator.element(of: SequentialPolicy.Undecided.allCases),
                passAfter: generator.chance(0.3) ? lifetime / 2 : .zero
            ),
            metrics: metrics
        )
    }

    private static func metric(_ number: Int, by comparison: Comparison, noData: NoDataPolicy) -> PlannedMetric {
        var metric = PlannedMetric(
            name: "metric-\(number)",
            query: query("gauge_\(number)"),
            direction: .increase,
            noData: noData
        )
        switch comparison {
        case .counts:
            metric.kind = .errors
            metric.query = "\(query("errors_\(number)")) / \(query("requests_\(number)"))"
            metric.input = .counts(
                events: CountQuery(query: query("errors_\(number)")),
                requests: CountQuery(query: query("requests_\(number)"))
            )
        case .gauge: metric.kind = .gauge
        case .pairs:
            metric.kind = .gauge
            metric.query = "wandering_\(number){${scope}}"
        case .latency:
            metric.kind = .latency
            metric.query = query("buckets_\(number)")
            metric.input = .histogram(buckets: CountQuery(query: query("buckets_\(number)")))
        }
        return metric
    }

    private static func query(_ name: String) -> String { "\(name){version=\"${version}\",${scope}}" }
}
