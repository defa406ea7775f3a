import Analysis
import Judging

/// `sequential` as the service asks it, with a plan that names nothing but the metrics: each look folds one step into the
/// state of each metric, and may end the analysis either way.
final class SequentialLooks: EvaluatedJudge {
    static let name = SequentialJudge.name
    /// Without the time before the release: the noise is assumed, not measured.
    static let nameWithoutHistory = "\(SequentialJudge.name)-without-history"

    private let metrics: [EvaluatedMetric]
    private let rules: ScoringRules
    private var pairs: [MetricPair]
    private var workspace = JudgingWorkspace()

    /// Nil for metrics that it cannot judge: counts and histograms need a control at the same time.
    init?(_ analysis: EvaluatedAnalysis, withHistory: Bool = true) {
        metrics = analysis.metrics
        let isPast = analysis.comparison == .before
        if isPast, metrics.contains(where: { !$0.isGauge }) { return nil }
        let plan = Self.plan(analysis)
        rules = plan.scoringRules
        pairs = zip(metrics, plan.metrics).map { metric, planned in
            let rule = plan.sequentialRule(of: planned, isPast: isPast)
            let history = isPast ? metric.windows(steps: analysis.planned) : metric.history(withNoise: withHistory)
            return MetricPair(
                name: metric.name,
                groups: planned.groups,
                control: [],
                experiment: [],
                settings: MetricSettings(direction: planned.direction, critical: planned.critical, sequential: rule),
                state: SequentialState(rule, history: history)
            )
        }
    }

    func look(_ units: [EvaluatedUnit]) -> EvaluatedDecision? {
        for index in pairs.indices {
            pairs[index].increment = MetricIncrement(units[index], of: metrics[index])
            SequentialJudge().fold(&pairs[index])
        }
        switch SequentialJudge().judge(pairs, by: rules, in: &workspace).decision {
        case .failNow: return .fail
        case .passNow: return .pass
        default: return nil
        }
    }

    func passesAtEnd() -> Bool { false }

    /// Steps of a minute, and each metric in a group of its own, with its weight.
    private static func plan(_ analysis: EvaluatedAnalysis) -> AnalysisPlan {
        let minute = Duration.seconds(60)
        return AnalysisPlan(
            name: "evaluated",
            judge: name,
            schedule: AnalysisSchedule(step: minute, interval: minute, lifetime: minute * analysis.planned),
            groupWeights: Dictionary(analysis.metrics.map { ($0.name, $0.weight * 100) }) { first, _ in first },
            metrics: analysis.metrics.map { metric in
                let query = CountQuery(query: "evaluated")
                let (kind, input): (MetricKind?, MetricInput) =
                    switch metric.kind {
                    case .gauge: (nil, .value)
                    case .counts: (.errors, .counts(events: query, requests: query))
                    case .latency: (.latency, .histogram(buckets: query))
                    }
                return PlannedMetric(
                    name: metric.name,
                    kind: kind,
                    query: query.query,
                    input: input,
                    groups: [metric.name],
                    direction: metric.fallsWhenWorse ? .decrease : .increase,
                    critical: metric.isCritical
                )
            }
        )
    }
}

extension EvaluatedMetric {
    fileprivate var isGauge: Bool { if case .gauge = kind { true } else { false } }

    /// The past, where a control runs at the same time.
    fileprivate func history(withNoise: Bool) -> MetricHistory {
        switch kind {
        case .gauge(let history):
            guard withNoise else { return MetricHistory(control: .values(history)) }
            let unknown = Array(repeating: Double.nan, count: history.count)
            return MetricHistory(
                control: .values(history + pairs.map(\.control)),
                experiment: .values(unknown + pairs.map(\.experiment))
            )
        case .counts(let history):
            guard withNoise else { return MetricHistory() }
            return MetricHistory(
                control: .counts(events: history.map(\.events), requests: history.map(\.exposure))
            )
        case .latency(let bounds, let history):
            guard withNoise else { return MetricHistory() }
            return MetricHistory(control: .histogram(BucketColumn(history, bounds: bounds)))
        }
    }

    /// The lifetime before the event, and the stretches ahead of it, each with the lifetime before in front.
    fileprivate func windows(steps: Int) -> MetricHistory {
        let earlier = EarlierWindow.neighbours(earlier, steps: steps).map { $0.reference + $0.values }
        return MetricHistory(windows: [Array(self.earlier.suffix(steps))] + earlier)
    }
}

extension MetricIncrement {
    /// One step, which is settled.
    fileprivate init(_ unit: EvaluatedUnit, of metric: EvaluatedMetric) {
        switch unit {
        case .values(let control, let experiment):
            let isPast = !metric.earlier.isEmpty
            self.init(control: isPast ? nil : .values([control]), experiment: .values([experiment]), settled: 1)
        case .counts(let unit):
            self.init(
                control: .counts(events: [unit.controlEvents], requests: [unit.controlExposure]),
                experiment: .counts(events: [unit.experimentEvents], requests: [unit.experimentExposure]),
                settled: 1
            )
        case .latencies(let control, let experiment):
            guard case .latency(let bounds, _) = metric.kind else {
                self.init(control: .values([.nan]), experiment: .values([.nan]), settled: 1)
                return
            }
            self.init(
                control: .histogram(BucketColumn([control], bounds: bounds)),
                experiment: .histogram(BucketColumn([experiment], bounds: bounds)),
                settled: 1
            )
        }
    }
}

extension BucketColumn {
    /// A step for each; the last bound is infinite.
    fileprivate init(_ steps: [LatencyBuckets], bounds: [Double]) {
        var counts = [[Double]](repeating: [], count: bounds.count + 1)
        for step in steps {
            var below = 0.0
            for (index, count) in step.counts.enumerated() {
                below += count
                counts[index].append(below)
            }
        }
        self.init(bounds: bounds + [.infinity], counts: counts)
    }
}
