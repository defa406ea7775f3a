import Analysis
import Judging
import Prometheus

/// The counts of a metric in a stretch of time before the release, added up from the answers to its queries.
struct LiveMeasurement {
    private struct Totals {
        var events: Double?
        var requests: Double?
        /// Samples that have a value.
        var samples = 0

        var exposure: ExposureTotals? {
            guard let events, let requests else { return nil }
            return ExposureTotals(events: events, requests: requests)
        }
    }

    private let metric: PlannedMetric
    private let step: Duration
    private var sides: [Side: Totals] = [:]
    /// The bound that the control's requests are told against.
    private var bound: Double?

    init(of metric: PlannedMetric, step: Duration) {
        self.metric = metric
        self.step = step
    }

    /// Nil where the control has no requests.
    var counts: MeasuredCounts? {
        guard let control = sides[.control], let totals = control.exposure, control.samples > 0 else { return nil }
        return MeasuredCounts(
            control: totals,
            experiment: sides[.experiment]?.exposure,
            duration: step * control.samples
        )
    }

    /// Sides are added in the order in which they are asked for, the control first.
    mutating func add(_ series: [RangeQueryResult.Series], _ part: LiveQuestion.Part, _ side: Side) {
        switch (part, metric.input) {
        case (.events, .counts(let events, _)): sides[side, default: Totals()].events = total(series, events)
        case (.requests, .counts(_, let requests)):
            sides[side, default: Totals()].requests = total(series, requests)
            sides[side, default: Totals()].samples = samples(series)
        case (.buckets, .histogram(let buckets)): add(series, buckets, side)
        default: break
        }
    }

    private func samples(_ series: [RangeQueryResult.Series]) -> Int {
        series.map { $0.values.count { $0.isFinite } }.max() ?? 0
    }

    /// Nil without any sample.
    private func total(_ series: [RangeQueryResult.Series], _ count: CountQuery) -> Double? {
        let values = series.flatMap(\.values).filter(\.isFinite)
        return values.isEmpty ? nil : values.reduce(0, +) * count.scale(step: step)
    }

    // MARK: Histograms

    private mutating func add(_ series: [RangeQueryResult.Series], _ buckets: CountQuery, _ side: Side) {
        let bounds = series.compactMap { series -> (bound: Double, total: Double)? in
            guard let bound = series.labels["le"].flatMap(Double.init), let total = total([series], buckets) else {
                return nil
            }
            return (bound, total)
        }
        guard let all = bounds.first(where: { $0.bound == .infinity })?.total, all > 0 else { return }
        if bound == nil { bound = chosenBound(bounds, all) }
        guard let bound, let below = bounds.first(where: { $0.bound == bound })?.total else { return }
        sides[side] = Totals(events: max(0, all - below), requests: all, samples: samples(series))
    }

    /// The objective, or the bound that is nearest to a tenth of slower requests.
    private func chosenBound(_ bounds: [(bound: Double, total: Double)], _ all: Double) -> Double? {
        LatencyBounds.told(
            bounds.map { (bound: $0.bound, share: 1 - $0.total / all) },
            objective: metric.objective
        )
    }
}
