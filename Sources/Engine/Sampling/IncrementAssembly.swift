import Analysis
import Judging

/// Puts the answers about one metric together: what is new of both sides, what of it is settled, and the state it goes into.
struct IncrementAssembly {
    let session: AnalysisSession
    let look: Look
    let index: Int
    let rule: SequentialRule
    let state: SequentialState?
    let labels: (control: ScopeLabels, experiment: ScopeLabels)
    let excluded: UnlearnedTimes
    /// The noise that an earlier analysis has learned; nil where none is known.
    let kept: KeptNoise?

    private var metric: PlannedMetric { session.plan.metrics[index] }
    private var step: Duration { session.plan.schedule.step }

    /// The metric's samples, and the settled ones of them as they are kept.
    func samples(of answers: [IncrementAnswer]) -> (MetricSamples, [SampleBlock]) {
        let new = answers.filter { $0.window.purpose == .new && $0.question.part != .newValues }.sorted {
            $0.question.part.rawValue < $1.question.part.rawValue
        }
        let newValues = NewValueAnswers(answers)
        var sides: [Side: SideSamples] = [:]
        var columns: [Side: MetricIncrement.Column] = [:]
        for side in Side.allCases {
            (sides[side], columns[side]) = self.side(side, new.filter { $0.question.side == side })
        }
        var metric = MetricSamples(
            control: sides[.control] ?? SideSamples(query: nil),
            experiment: sides[.experiment] ?? SideSamples(query: nil),
            rule: rule
        )
        newValues.tell(&metric)
        for side in Side.allCases { metric[side].queries = Self.sent(answers, to: side) }
        // What is learned is kept for the whole analysis: it must be learned from all that there is, or be known already.
        let partial = state != nil || spares(answers) ? [] : answers.filter { $0.isOfHistory && $0.isPartial }
        let isWholeBefore = partial.isEmpty
        for answer in partial { metric[answer.question.side].isPartial = true }
        do throws(HistoryFailure) {
            metric.state = if let state { state } else if isWholeBefore { try begun(answers) } else { nil }
        } catch {
            metric[error.side].failure = error.cause
        }
        guard let state = metric.state else { return (metric, []) }
        metric.control.earlier = state.control.coverage
        metric.experiment.earlier = state.experiment.coverage
        let isWhole = !metric.control.isPartial && !metric.experiment.isPartial
        guard let experimentColumn = columns[.experiment], isWhole else { return (metric, []) }
        let before = min(state.folded, Windows.stepsLookedAtAgain)
        let experiment = experimentColumn.dropFirst(before)
        let control = columns[.control]?.dropFirst(before)
        let earlier = Dictionary(
            uniqueKeysWithValues: Side.allCases.map { ($0, Array(metric[$0].values.prefix(before))) }
        )
        for side in Side.allCases { metric[side].values.removeFirst(min(before, metric[side].values.count)) }
        guard control != nil || rule.measure == .past else { return (metric, []) }
        let shown = Side.allCases.filter { columns[$0] != nil }.map { metric[$0].values }
        let settled = settledCount(experiment.stepCount, shown)
        metric.increment = MetricIncrement(
            control: control,
            experiment: experiment,
            newValues: newValues.sides(behind: before),
            settled: settled,
            declaredShare: session.event.weight.map { $0 / 100 },
            controlBefore: earlier[.control] ?? [],
            experimentBefore: earlier[.experiment] ?? []
        )
        return (metric, blocks(control, experiment, settled: settled, behind: state.folded))
    }

    // MARK: - New samples

    private func side(_ side: Side, _ answers: [IncrementAnswer]) -> (SideSamples, MetricIncrement.Column?) {
        var samples = SideSamples(query: nil)
        guard let window = answers.first?.window.time else { return (samples, nil) }
        samples.labels = side == .control ? labels.control : labels.experiment
        let texts = answers.compactMap { try? $0.question.text.get() }
        samples.query = texts.count > 1 ? texts.map { "(\($0))" }.joined(separator: " / ") : texts.first
        for answer in answers {
            guard case .success(let answer) = answer.result else { continue }
            samples.warnings += answer.warnings.filter { !samples.warnings.contains($0) }
            samples.infos += answer.infos.filter { !samples.infos.contains($0) }
            samples.isPartial = samples.isPartial || answer.isPartial
            samples.movedCount += answer.movedCount
            samples.ignoredCount += answer.ignoredCount
        }
        do throws(SamplingFailure) {
            guard let column = try column(answers, count: window.sampleCount(step: step)) else { return (samples, nil) }
            samples.values = column.shown
            return (samples, column)
        } catch {
            samples.failure = error
            return (samples, nil)
        }
    }

    /// The queries for what is new of a side, where they are several.
    private static func sent(_ answers: [IncrementAnswer], to side: Side) -> [String] {
        let texts = answers.filter { $0.window.purpose == .new && $0.question.side == side }
            .sorted { $0.question.part.rawValue < $1.question.part.rawValue }
            .compactMap { try? $0.question.text.get() }
        return texts.count > 1 ? texts : []
    }

    private func column(
        _ answers: [IncrementAnswer],
        count: Int
    ) throws(SamplingFailure) -> MetricIncrement.Column? {
        var results: [(MetricQuestions.Question, BackEndAnswer)] = []
        for answer in answers { results.append((answer.question, try answer.result.get())) }
        return try MetricQuestions.column(results, metric: metric, count: count)
    }

    /// Leading steps that are folded in. The newest may be rewritten still, and what is missing at the end may still arrive,
    /// for a while.
    ///
    /// - Parameter columns: what the sides that are compared read as.
    private func settledCount(_ count: Int, _ columns: [[Double]]) -> Int {
        let old = max(0, count - (look.isLast ? 0 : Sampler.overlap))
        guard metric.noData != .zero else { return old }
        let missing = (0..<old).reversed().prefix { step in
            columns.contains { !$0.indices.contains(step) || $0[step].isNaN }
        }.count
        return max(old - missing, old - Sampler.patience, 0)
    }

    private func blocks(
        _ control: MetricIncrement.Column?,
        _ experiment: MetricIncrement.Column,
        settled: Int,
        behind folded: Int
    ) -> [SampleBlock] {
        guard settled > 0 else { return [] }
        let first = session.schedule.start + step * (folded + 1)
        return [(Side.control, control), (.experiment, experiment)].compactMap { side, column in
            column.map {
                SampleBlock(
                    session: session.id,
                    metric: index,
                    side: side,
                    first: first,
                    step: step,
                    values: Array($0.kept.prefix(settled))
                )
            }
        }
    }

    // MARK: - Before the release

    /// The samples since the release are there, and the history need not be waited for: an earlier analysis has learned the
    /// noise.
    private func spares(_ answers: [IncrementAnswer]) -> Bool {
        kept != nil && answers.allSatisfy { $0.isOfHistory || (try? $0.result.get()) != nil }
    }

    /// The values of a label that the control had; like the noise they are not waited for where that is known.
    private func values(before answers: [IncrementAnswer]) throws(SamplingFailure) -> LabelledEvents? {
        do throws(SamplingFailure) { return try NewValueAnswers(answers).history() } catch {
            guard kept != nil else { throw error }
            return nil
        }
    }

    /// A state in which nothing has been folded yet.
    ///
    /// A back end that is out of reach is waited for, unless the noise is known; whatever else keeps the history away, noise
    /// is assumed then, or measured in the analysis alone, and the verdict says so.
    private func begun(_ all: [IncrementAnswer]) throws(HistoryFailure) -> SequentialState {
        var history = MetricHistory()
        do throws(SamplingFailure) { history.controlValues = try values(before: all) } catch {
            throw HistoryFailure(side: .control, cause: error)
        }
        for side in Side.allCases {
            let earlier = all.filter { $0.question.side == side && $0.isOfHistory && $0.question.part != .newValues }
            let before = Dictionary(grouping: earlier, by: \.window.purpose)
            for (purpose, answers) in before.sorted(by: { $0.key.order < $1.key.order }) {
                guard let time = answers.first?.window.time else { continue }
                let column: MetricIncrement.Column?
                do throws(SamplingFailure) {
                    column = try self.column(answers, count: time.sampleCount(step: step))
                } catch {
                    guard error.holdCause == nil || spares(all) else { throw HistoryFailure(side: side, cause: error) }
                    column = nil
                }
                // Part of a history teaches something else than all of it.
                if answers.contains(where: \.isPartial) { continue }
                switch (purpose, side, column) {
                case (.history, .control, let column?):
                    history.control = column.without(steps(of: excluded.control, in: time))
                case (.history, .experiment, let column?):
                    history.experiment = column.without(steps(of: excluded.experiment, in: time))
                case (.earlier, _, .values(let values)?): history.windows.append(values)
                default: break
                }
            }
        }
        return SequentialState(rule, history: history, kept: kept)
    }

    /// The steps of a stretch of time that lie in others.
    private func steps(of excluded: [TimeWindow], in time: TimeWindow) -> Set<Int> {
        var steps: Set<Int> = []
        for window in excluded where window.end > time.start && window.start < time.end {
            for number in 0..<time.sampleCount(step: step) {
                let instant = time.start + step * (number + 1)
                if instant > window.start, instant <= window.end { steps.insert(number) }
            }
        }
        return steps
    }
}

/// What has to be waited for before an analysis begins.
private struct HistoryFailure: Error {
    let side: Side
    let cause: SamplingFailure
}

extension Windows.Purpose {
    fileprivate var order: Int {
        switch self {
        case .new: -2
        case .history: -1
        case .earlier(let number): number
        }
    }
}

extension MetricIncrement.Column {
    /// With the values of some steps missing.
    fileprivate func without(_ steps: Set<Int>) -> MetricIncrement.Column {
        guard !steps.isEmpty else { return self }
        return mapSeries { $0.enumerated().map { steps.contains($0.offset) ? .nan : $0.element } }
    }
}
