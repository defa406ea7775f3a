import Analysis
import Concurrency
import Synchronization
import Telemetry

/// The answers that one self-check rests on. Each query is asked once, for the whole time that is checked, and each look is
/// given its part of the answer.
///
/// One question at a time is asked, with a pause before it, and none while analyses wait for answers or the back end is
/// away. After the first failure that says nothing about a query no more is asked.
final class BackgroundBackEnd: MetricsBackEnd {
    private struct Key: Hashable {
        var query: String
        var window: TimeWindow
    }

    private struct State {
        var answers: [Key: Result<BackEndAnswer, SamplingFailure>] = [:]
        /// Numbers in the answers.
        var size = 0
        var skip: SelfCheckSkip?
    }

    private let source: SelfCheckSource
    private let clock: any EngineClock
    private let metrics: SelfCheckMetrics
    private let whole: TimeWindow
    private let turn = AsyncSemaphore(permits: 1)
    private let state = Mutex(State())

    /// Numbers that are held at most: 16 MiB of them.
    private static let mostNumbers = 2_097_152
    /// Pauses before one question after which the check is given up.
    private static let mostPauses = 120

    /// - Parameter whole: what is asked for at once where a part of it is wanted.
    init(_ source: SelfCheckSource, whole: TimeWindow, clock: any EngineClock, metrics: SelfCheckMetrics) {
        self.source = source
        self.whole = whole
        self.clock = clock
        self.metrics = metrics
    }

    /// Why the check cannot go on; nil while it can.
    var skip: SelfCheckSkip? { state.withLock { $0.skip } }

    func series(
        of query: String,
        in window: TimeWindow,
        step: Duration
    ) async throws(SamplingFailure) -> BackEndAnswer {
        let isPart = window.start >= whole.start && window.end <= whole.end
        let key = Key(query: query, window: isPart ? whole : window)
        guard await turn.enter() else { throw Self.stopped }
        let result: Result<BackEndAnswer, SamplingFailure>
        if let known = state.withLock({ $0.answers[key] }) {
            result = known
        } else {
            result = await ask(key, step)
            state.withLock { $0.answers[key] = result }
        }
        turn.leave()
        let answer = try result.get()
        return isPart && window != whole ? answer.part(window, of: whole, step: step) : answer
    }

    private static let stopped = SamplingFailure(kind: .unreachable, message: "the self-check was given up")

    private func ask(_ key: Key, _ step: Duration) async -> Result<BackEndAnswer, SamplingFailure> {
        guard await mayAsk() else { return .failure(Self.stopped) }
        do throws(SamplingFailure) {
            let answer = try await source.backEnd.series(of: key.query, in: key.window, step: step)
            metrics.queries.add(1, "answered")
            let isHeld = state.withLock { state in
                state.size += answer.series.reduce(0) { $0 + $1.count }
                if state.size > Self.mostNumbers { state.skip = state.skip ?? .tooLarge }
                if answer.isPartial { state.skip = state.skip ?? .backEnd }
                return state.skip == nil
            }
            return isHeld ? .success(answer) : .failure(Self.stopped)
        } catch {
            metrics.queries.add(1, "failed")
            if error.holdCause != nil { giveUp(.backEnd) }
            return .failure(error)
        }
    }

    /// Waits for a time at which the question is in nothing's way. False where none comes.
    private func mayAsk() async -> Bool {
        for _ in 0..<Self.mostPauses {
            guard skip == nil, (try? await clock.sleep(until: clock.now() + source.pause)) != nil else { return false }
            guard !source.isAway() else {
                giveUp(.backEnd)
                return false
            }
            if !source.isBusy() { return true }
        }
        giveUp(.busy)
        return false
    }

    private func giveUp(_ reason: SelfCheckSkip) {
        state.withLock { $0.skip = $0.skip ?? reason }
    }
}

/// Where self-checks get their samples, and when they may ask.
package struct SelfCheckSource: Sendable {
    let backEnd: any MetricsBackEnd
    /// Before each question.
    let pause: Duration
    /// Analyses wait for answers.
    let isBusy: @Sendable () -> Bool
    /// The back end does not answer.
    let isAway: @Sendable () -> Bool

    package init(
        _ backEnd: any MetricsBackEnd,
        pause: Duration = .seconds(1),
        isBusy: @escaping @Sendable () -> Bool,
        isAway: @escaping @Sendable () -> Bool
    ) {
        self.backEnd = backEnd
        self.pause = pause
        self.isBusy = isBusy
        self.isAway = isAway
    }
}

extension BackEndAnswer {
    /// What the back end would have answered for a part of the time: series without a sample in it are not there.
    fileprivate func part(_ window: TimeWindow, of whole: TimeWindow, step: Duration) -> BackEndAnswer {
        let first = TimeWindow(start: whole.start, end: window.start).sampleCount(step: step)
        let count = window.sampleCount(step: step)
        let columns = series.map { values in Array(values.dropFirst(first).prefix(count)) }
        let present = columns.indices.filter { index in columns[index].contains { !$0.isNaN } }
        var part = self
        part.series = present.map { columns[$0] }
        part.names = present.filter { $0 < names.count }.map { names[$0] }
        part.labels = labels.isEmpty ? [] : present.map { labels[$0] }
        part.bounds = bounds.isEmpty ? [] : present.map { bounds[$0] }
        return part
    }
}
