import Analysis
import Judging
import Prometheus

/// Brings in what a judge with a state has not seen: the samples behind its state, and, before the first of them, the time
/// before the release.
///
/// What is settled is folded into the state and never asked for again; the newest steps, and those that are missing at the
/// end, are asked for at the next look too. So a look costs as much as it brings, whatever the age of the analysis.
struct IncrementSampler: Sendable {
    private let sampler: Sampler

    init(_ sampler: Sampler) {
        self.sampler = sampler
    }

    /// The look's samples and the blocks that are new and settled in them. Failures are part of the samples, never thrown.
    ///
    /// - Parameters:
    ///   - states: by metric; a metric without one begins here.
    ///   - excluded: times that nothing is learned from.
    ///   - kept: by metric, the noise of an earlier analysis.
    ///   - queries: those of the session where nil.
    func sample(
        _ look: Look,
        of session: AnalysisSession,
        states: [Int: SequentialState],
        excluded: UnlearnedTimes,
        kept: [Int: KeptNoise] = [:],
        queries: ScopedQueries? = nil
    ) async -> (samples: LookSamples, new: [SampleBlock]) {
        let queries = queries ?? ScopedQueries(of: session, controlLag: sampler.controlLag)
        let metrics = session.plan.metrics.indices.map { MetricQuestions(of: $0, in: session, queries) }
        let asked = metrics.enumerated().flatMap { index, metric in
            let withPairs =
                states[index] == nil && metric.rule.measure == .gauge
                && queries.isOfAnyRelease(session.plan.metrics[index].query, in: session)
            let windows = Windows(look, session, state: states[index], rule: metric.rule, withPairs: withPairs)
            return metric.questions.flatMap { question in windows.all(for: question.side).map { (question, $0) } }
        }
        let step = session.plan.schedule.step
        let answers = await ManyQuestions.ask(asked) { question, window in
            await answer(question, in: window, step: step)
        }
        let grouped = Dictionary(grouping: answers, by: \.question.metric)
        var samples = LookSamples(look: look, metrics: [], planWarnings: sampler.planWarnings(of: session))
        var blocks: [SampleBlock] = []
        for index in session.plan.metrics.indices {
            let assembly = IncrementAssembly(
                session: session,
                look: look,
                index: index,
                rule: metrics[index].rule,
                state: states[index],
                labels: (queries.labels(of: .control), queries.labels(of: .experiment)),
                excluded: excluded,
                kept: kept[index]
            )
            let (metric, new) = assembly.samples(of: grouped[index] ?? [])
            samples.metrics.append(metric)
            blocks += new
        }
        return (samples, blocks)
    }

    private func answer(
        _ question: MetricQuestions.Question,
        in window: Windows.Window,
        step: Duration
    ) async -> IncrementAnswer {
        do throws(SamplingFailure) {
            let query = try question.text.get()
            let lag: Duration = question.side == .control ? sampler.controlLag : .zero
            let answer = try await sampler.backEnd.series(
                of: query,
                in: window.time.shifted(by: .zero - lag),
                step: step
            )
            return IncrementAnswer(question: question, window: window, result: .success(answer))
        } catch  where question.whole != nil && (error.kind == .tooLarge || error.kind == .tooManySeries) {
            // Too many groups must not end an analysis that can do without them.
            var whole = question
            (whole.text, whole.whole, whole.label) = (question.whole ?? question.text, nil, nil)
            return await answer(whole, in: window, step: step)
        } catch {
            return IncrementAnswer(question: question, window: window, result: .failure(error))
        }
    }
}

/// What came back for one question and one stretch of time.
struct IncrementAnswer: Sendable {
    var question: MetricQuestions.Question
    var window: Windows.Window
    var result: Result<BackEndAnswer, SamplingFailure>

    var isPartial: Bool { (try? result.get())?.isPartial ?? false }
    /// Of the time before the release.
    var isOfHistory: Bool { window.purpose != .new }
}

/// The stretches of time that a look asks for.
struct Windows: Sendable {
    enum Purpose: Sendable, Hashable {
        case new
        /// A side before the release: the control, and the experiment where both are pairs.
        case history
        /// An earlier time of the series that the release is compared with, from 1, the latest first.
        case earlier(Int)
    }

    struct Window: Sendable {
        var purpose: Purpose
        var time: TimeWindow
    }

    /// Lifetimes before the release that noise is learned from.
    static let lifetimesOfHistory = 2
    /// Earlier times that a release is compared with.
    static let earlierTimes = 8

    /// Steps that are folded in already and asked for again, to tell of samples that came too late.
    static let stepsLookedAtAgain = 4

    /// Leading steps of what is new that are folded in already.
    let stepsBefore: Int
    private let new: Window
    private let before: [Side: [Window]]

    /// - Parameter withPairs: the experiment's time before the release is asked for as well.
    init(
        _ look: Look,
        _ session: AnalysisSession,
        state: SequentialState?,
        rule: SequentialRule,
        withPairs: Bool
    ) {
        let start = session.schedule.start
        let step = session.plan.schedule.step
        let folded = state?.folded ?? 0
        stepsBefore = min(folded, Self.stepsLookedAtAgain)
        // A last look that has folded all asks for its last steps again.
        let from = min(start + step * (folded - stepsBefore), look.window.end - step)
        new = Window(purpose: .new, time: TimeWindow(start: from, end: look.window.end))
        guard state == nil else {
            before = [:]
            return
        }
        let lifetime = step * rule.plannedSteps
        if case .past = rule.measure {
            let offset = session.controlOffset
            let deployed = min(start, TimeGrid(step: step).floor(session.deployedAt))
            before = [
                .experiment: (0...Self.earlierTimes).map { number in
                    // The stretch of one lifetime before each time is what it is compared with. The warm-up is in neither.
                    let before = deployed - offset * number
                    return Window(
                        purpose: .earlier(number),
                        time: TimeWindow(
                            start: before - lifetime,
                            end: number == 0 ? before : start - offset * number + lifetime
                        )
                    )
                }
            ]
        } else {
            let end = TimeGrid(step: step).floor(session.deployedAt)
            let wanted = rule.plannedSteps * Self.lifetimesOfHistory
            let steps = min(wanted, AnalysisPlan.maximumSamplesPerWindow - 1)
            let history = [Window(purpose: .history, time: TimeWindow(start: end - step * steps, end: end))]
            before = withPairs ? [.control: history, .experiment: history] : [.control: history]
        }
    }

    func all(for side: Side) -> [Window] { [new] + (before[side] ?? []) }
}
