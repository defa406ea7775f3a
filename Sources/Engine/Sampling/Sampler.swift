package import Analysis
import Prometheus

/// Brings the samples of a look in: asks only for what is new, with an overlap for samples that arrived late.
package struct Sampler: Sendable {
    /// Instants before the end of what is known that are asked for again.
    static let overlap = 2
    /// Instants without a sample at the end of what is known that are asked for again: they may arrive late.
    static let patience = 60

    let backEnd: any MetricsBackEnd
    /// How much earlier the control's samples are than the event says; negative where they are later.
    let controlLag: Duration
    private let warnings = PlanWarningCache()

    package init(backEnd: any MetricsBackEnd, controlLag: Duration = .zero) {
        self.backEnd = backEnd
        self.controlLag = controlLag
    }

    /// The look's samples and the blocks that are new in them. Failures are part of the samples, never thrown.
    package func sample(
        _ look: Look,
        of session: AnalysisSession,
        history: inout SampleHistory
    ) async -> (samples: LookSamples, new: [SampleBlock]) {
        let known = history
        let queries = ScopedQueries(of: session, controlLag: controlLag)
        let questions = session.plan.metrics.enumerated().flatMap { index, metric in
            queries.texts(of: metric).map { side, text in
                Question(index: index, metric: metric, side: side, labels: queries.labels(of: side), query: text)
            }
        }
        let answers = await ManyQuestions.ask(questions) { question in
            let from = known.settledEnd(metric: question.index, side: question.side, atMost: Self.patience)
            return await fetch(question, look, session, from: from, start: known.start)
        }
        var sides: [Int: [Side: SideSamples]] = [:]
        var blocks: [SampleBlock] = []
        var shown = history
        for fetched in answers {
            var samples = fetched.samples
            if let block = fetched.block {
                // Incomplete samples are shown but not kept: they are asked for again.
                if !samples.isPartial { blocks.append(block) }
                shown.merge(block)
                samples.values = shown.values(metric: fetched.metric, side: fetched.side, in: look.window)
            }
            sides[fetched.metric, default: [:]][fetched.side] = samples
        }
        for block in blocks { history.merge(block) }
        let metrics = session.plan.metrics.indices.map { index in
            MetricSamples(
                control: sides[index]?[.control] ?? SideSamples(query: nil),
                experiment: sides[index]?[.experiment] ?? SideSamples(query: nil)
            )
        }
        blocks.sort { ($0.metric, $0.side.rawValue) < ($1.metric, $1.side.rawValue) }
        return (LookSamples(look: look, metrics: metrics, planWarnings: planWarnings(of: session)), blocks)
    }

    func planWarnings(of session: AnalysisSession) -> [String] {
        warnings.warnings(of: session.plan) + Self.warnings(of: session.event, session.plan)
    }

    /// What is known to surprise in the event that opened the analysis.
    private static func warnings(of event: DeployEvent, _ plan: AnalysisPlan) -> [String] {
        guard case .before(let offset)? = event.control else { return [] }
        let unused = plan.metrics.contains { $0.breakdown != nil || $0.newValues != nil }
        let problems = [
            plan.schedule.problem(ofPast: offset),
            unused ? "the plan's pods, strata and newValues compare two sides, and are not used with a past" : nil,
        ]
        return problems.compactMap(\.self).map { "event, control.before: \($0)" }
    }

    private struct Question: Sendable {
        var index: Int
        var metric: PlannedMetric
        var side: Side
        var labels: ScopeLabels
        var query: Result<String, SamplingFailure>
    }

    private struct Fetched: Sendable {
        var metric: Int
        var side: Side
        var samples: SideSamples
        var block: SampleBlock?
    }

    private func fetch(
        _ question: Question,
        _ look: Look,
        _ session: AnalysisSession,
        from known: Timestamp,
        start: Timestamp
    ) async -> Fetched {
        let (index, side) = (question.index, question.side)
        let step = session.plan.schedule.step
        // A side never asks for more than its window needs, nor for less than the overlap.
        let from = min(max(start, look.window.start, known - step * Self.overlap), look.window.end - step)
        let window = TimeWindow(start: from, end: look.window.end)
        let offset: Duration = side == .control ? session.controlOffset + controlLag : .zero
        var samples = SideSamples(query: nil)
        samples.labels = question.labels
        do throws(SamplingFailure) {
            let query = try question.query.get()
            samples.query = query
            let answer = try await backEnd.series(of: query, in: window.shifted(by: .zero - offset), step: step)
            samples.warnings = answer.warnings
            samples.infos = answer.infos
            samples.isPartial = answer.isPartial
            samples.movedCount = answer.movedCount
            samples.ignoredCount = answer.ignoredCount
            let values = try Self.column(of: answer, question.metric, count: window.sampleCount(step: step))
            let block = SampleBlock(
                session: session.id,
                metric: index,
                side: side,
                first: from + step,
                step: step,
                values: values
            )
            return Fetched(metric: index, side: side, samples: samples, block: block)
        } catch {
            samples.failure = error
            return Fetched(metric: index, side: side, samples: samples, block: nil)
        }
    }

    static func column(
        of answer: BackEndAnswer,
        _ metric: PlannedMetric,
        count: Int
    ) throws(SamplingFailure) -> [Double] {
        switch (answer.series.count, metric.combine) {
        case (0, _): return Array(repeating: .nan, count: count)
        case (1, _): return answer.series[0]
        case (_, let combination?): return combination.combine(answer.series, count: count)
        case (let several, nil):
            var names = answer.names.prefix(2).joined(separator: ", ")
            if !names.isEmpty { names = " (\(names)\(several > 2 ? ", …" : ""))" }
            throw SamplingFailure(
                kind: .tooManySeries,
                message:
                    "the query gives \(several) series where one is meant\(names); aggregate in the query, or say in the plan"
                    + " how to combine them (combine: sum, average, minimum or maximum)"
            )
        }
    }
}
