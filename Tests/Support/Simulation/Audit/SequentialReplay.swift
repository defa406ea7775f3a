import Analysis
import Judging

/// What the sequential judge makes of a session when nothing goes wrong: the same samples, in the order of time, without
/// an engine.
struct SequentialReplay {
    let session: AnalysisSession
    let source: SampleSource
    /// By metric: times before the release that nothing is learned from.
    let excluded: [UnlearnedTimesAsListed]
    /// By metric: the noise of an earlier analysis, of those that went by one.
    var kept: [Int: KeptNoise] = [:]

    /// Steps that a look leaves for the next one: they may still change.
    private static let unsettled = 2

    private var step: Duration { session.plan.schedule.step }
    private var start: Timestamp { session.schedule.start }

    /// What the looks up to one come to; nil where the plan has another judge.
    func look(_ number: Int) -> (look: Look, review: LookReview) {
        var states = session.plan.metrics.indices.map { begun($0) }
        for number in 1..<number { _ = take(session.schedule.look(number), &states) }
        let look = session.schedule.look(number)
        return (look, take(look, &states))
    }

    private func take(_ look: Look, _ states: inout [SequentialState]) -> LookReview {
        let steps = look.window.sampleCount(step: step)
        let metrics = session.plan.metrics.indices.map { metric in
            let folded = states[metric].folded
            let window = TimeWindow(start: start + step * folded, end: look.window.end)
            let increment = increment(metric, window, settled: steps - folded - (look.isLast ? 0 : Self.unsettled))
            var control = SideSamples(query: "", values: increment.control?.shown ?? [])
            var experiment = SideSamples(query: "", values: increment.experiment.shown)
            control.earlier = states[metric].control.coverage
            experiment.earlier = states[metric].experiment.coverage
            return MetricSamples(
                control: control,
                experiment: experiment,
                increment: increment,
                state: states[metric],
                rule: rule(metric)
            )
        }
        var review = LookReview(LookSamples(look: look, metrics: metrics), plan: session.plan)
        review.fold(by: SequentialJudge())
        for (index, metric) in review.metrics.enumerated() { states[index] = metric.pair.state ?? states[index] }
        return review
    }

    func rule(_ metric: Int) -> SequentialRule {
        session.plan.sequentialRule(of: session.plan.metrics[metric], isPast: isPast)
    }

    private var isPast: Bool { session.controlOffset > .zero }

    // MARK: - One metric

    /// Its state when all steps up to a number of them have been folded in, at once.
    func state(_ metric: Int, folded: Int) -> SequentialState {
        let window = TimeWindow(start: start, end: start + step * folded)
        var pair = MetricPair(name: "", control: [], experiment: [])
        pair.settings.sequential = rule(metric)
        pair.state = begun(metric)
        pair.increment = increment(metric, window, settled: folded)
        SequentialJudge().fold(&pair)
        return pair.state ?? begun(metric)
    }

    private func increment(_ metric: Int, _ window: TimeWindow, settled: Int) -> MetricIncrement {
        MetricIncrement(
            control: isPast ? nil : column(metric, .control, window),
            experiment: column(metric, .experiment, window),
            settled: settled
        )
    }

    /// All that the source will ever have of one side.
    func column(_ metric: Int, _ side: Side, _ window: TimeWindow) -> MetricIncrement.Column {
        func values(_ query: String, bound: Int = 0) -> [Double] {
            source.values(
                of: UndisturbedLook.query(query, side, session.event),
                bound: bound,
                in: window,
                step: step,
                at: Timestamp(milliseconds: .max / 2)
            )
        }
        func counts(_ query: CountQuery, bound: Int = 0) -> [Double] {
            values(query.query, bound: bound).map { $0 * query.scale(step: step) }
        }
        switch session.plan.metrics[metric].input {
        case .value: return .values(values(session.plan.metrics[metric].query))
        case .counts(let events, let requests): return .counts(events: counts(events), requests: counts(requests))
        case .histogram(let buckets):
            return .histogram(
                BucketColumn(
                    bounds: SampleSource.bounds,
                    counts: SampleSource.bounds.indices.map { counts(buckets, bound: $0) }
                )
            )
        }
    }

    // MARK: - Before the release

    private func begun(_ metric: Int) -> SequentialState {
        let rule = rule(metric)
        var history = MetricHistory()
        if isPast {
            let lifetime = step * rule.plannedSteps
            let deployed = min(start, TimeGrid(step: step).floor(session.deployedAt))
            history.windows = (0...8).map { number in
                let before = deployed - session.controlOffset * number
                let end = number == 0 ? before : start - session.controlOffset * number + lifetime
                let column = column(metric, .experiment, TimeWindow(start: before - lifetime, end: end))
                return column.shown
            }
        } else {
            let window = Self.history(of: session, rule)
            let excluded = excluded[metric]
            history.control = column(metric, .control, window).without(excluded.control, from: window.start, step)
            if rule.measure == .gauge, !session.plan.metrics[metric].query.contains("${version}") {
                let experiment = column(metric, .experiment, window)
                history.experiment = experiment.without(excluded.experiment, from: window.start, step)
            }
        }
        guard let kept = kept[metric] else { return SequentialState(rule, history: history) }
        let state = SequentialState(rule, history: history, kept: kept)
        // A history of which a part was missing is not waited for then.
        return state.kept == nil ? SequentialState(rule, history: MetricHistory(), kept: kept) : state
    }

    /// Two lifetimes up to the release.
    static func history(of session: AnalysisSession, _ rule: SequentialRule) -> TimeWindow {
        let step = session.plan.schedule.step
        let end = TimeGrid(step: step).floor(session.deployedAt)
        return TimeWindow(start: end - step * rule.plannedSteps * 2, end: end)
    }
}

extension MetricIncrement.Column {
    fileprivate func without(_ excluded: [TimeWindow], from start: Timestamp, _ step: Duration) -> Self {
        func left(_ values: [Double]) -> [Double] {
            values.enumerated().map { index, value in
                let instant = start + step * (index + 1)
                return excluded.contains { instant > $0.start && instant <= $0.end } ? .nan : value
            }
        }
        switch self {
        case .values(let values): return .values(left(values))
        case .counts(let counts): return .counts(events: left(counts.events), requests: left(counts.requests))
        case .histogram(let buckets):
            return .histogram(BucketColumn(bounds: buckets.bounds, counts: buckets.counts.map(left)))
        }
    }
}
