import Analysis
import Concurrency
import Synchronization
import Telemetry

/// The answers that one piece of work in the background rests on. Each query is asked once, for the whole of a time, and each
/// look is given its part of the answer.
///
/// One question at a time is asked, with a pause before it, and none while analyses wait for answers or the back end is
/// away. After a failure that says nothing about a query no more is asked.
final class BackgroundBackEnd: MetricsBackEnd {
    private struct Key: Hashable {
        var query: String
        var window: TimeWindow
    }

    private struct State {
        var answers: [Key: Result<BackEndAnswer, SamplingFailure>] = [:]
        /// Numbers in the answers.
        var size = 0
        var obstacle: BackgroundObstacle?
    }

    private let source: BackgroundSource
    private let clock: any EngineClock
    private let queries: Counter<OneLabel>
    private let wholes: [TimeWindow]
    private let turn = AsyncSemaphore(permits: 1)
    private let state = Mutex(State())

    /// Numbers that are held at most: 16 MiB of them.
    private static let mostNumbers = 2_097_152

    /// - Parameters:
    ///   - wholes: what is asked for at once where a part of it is wanted.
    ///   - queries: counts what is asked, by outcome.
    init(_ source: BackgroundSource, wholes: [TimeWindow], clock: any EngineClock, queries: Counter<OneLabel>) {
        self.source = source
        self.wholes = wholes
        self.clock = clock
        self.queries = queries
    }

    /// Why the work cannot go on; nil while it can.
    var obstacle: BackgroundObstacle? { state.withLock { $0.obstacle } }

    func series(
        of query: String,
        in window: TimeWindow,
        step: Duration
    ) async throws(SamplingFailure) -> BackEndAnswer {
        let whole = wholes.first { window.start >= $0.start && window.end <= $0.end } ?? window
        let key = Key(query: query, window: whole)
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
        return window == whole ? answer : answer.part(window, of: whole, step: step)
    }

    private static let stopped = SamplingFailure(kind: .unreachable, message: "no more is asked")

    private func ask(_ key: Key, _ step: Duration) async -> Result<BackEndAnswer, SamplingFailure> {
        for attempt in 0...source.retries {
            guard await mayAsk(afterFailures: attempt) else { break }
            do throws(SamplingFailure) {
                let answer = try await source.backEnd.series(of: key.query, in: key.window, step: step)
                queries.add(1, "answered")
                return take(answer)
            } catch {
                queries.add(1, "failed")
                guard let cause = error.holdCause else { return .failure(error) }
                if attempt == source.retries { giveUp(.backEnd(cause, error.message)) }
            }
        }
        return .failure(Self.stopped)
    }

    private func take(_ answer: BackEndAnswer) -> Result<BackEndAnswer, SamplingFailure> {
        let size = state.withLock { state in
            state.size += answer.series.reduce(0) { $0 + $1.count }
            return state.size
        }
        if size > Self.mostNumbers { giveUp(.tooLarge) }
        if answer.isPartial {
            giveUp(.backEnd(.partialData, answer.warnings.first ?? "the answer is incomplete"))
        }
        return obstacle == nil ? .success(answer) : .failure(Self.stopped)
    }

    /// Waits for a time at which the question is in nothing's way. False where none comes.
    private func mayAsk(afterFailures failures: Int) async -> Bool {
        for number in 0..<source.mostPauses {
            let isAgain = number == 0 && failures > 0
            let pause = isAgain ? Duration.seconds(1 << min(failures - 1, 6)) : source.pause
            guard obstacle == nil, (try? await clock.sleep(until: clock.now() + pause)) != nil else { return false }
            guard !source.isAway() else {
                giveUp(.backEnd(.unreachable, "the metrics back end does not answer"))
                return false
            }
            if !source.isBusy() { return true }
        }
        giveUp(.busy)
        return false
    }

    private func giveUp(_ obstacle: BackgroundObstacle) {
        state.withLock { $0.obstacle = $0.obstacle ?? obstacle }
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
