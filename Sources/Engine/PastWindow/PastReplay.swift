package import Analysis
import Judging
import Prometheus
package import Store
package import Telemetry

/// Judges time that has passed as a live analysis would have done: the same sampling, judge and rules of ending, look after
/// look, by the time that each look would have had.
///
/// It reads, and gives an answer: what is to be kept of it, its caller decides.
package struct PastReplay: Sendable {
    /// How one has ended.
    package struct Answer: Sendable, Equatable {
        /// Finished: it has its final verdict.
        package var session: AnalysisSession
        /// The last interim verdict, if any, and the final one.
        package var verdicts: [Verdict]
        package var transitions: [SessionTransition]
        package var samples: [SampleBlock]
    }

    private let records: any AnalysisRecords
    private let source: BackgroundSource
    private let clock: any EngineClock
    private let queries: Counter<OneLabel>
    /// Of this replica.
    private let name: String
    /// What is counted of live analyses is not counted of these.
    private let uncounted = EngineMetrics(MetricRegistry())

    /// - Parameters:
    ///   - records: of all analyses, for what they have learned and when they failed.
    ///   - queries: counts what is asked, by outcome (answered, failed).
    package init(
        records: any AnalysisRecords,
        source: BackgroundSource,
        clock: any EngineClock,
        queries: Counter<OneLabel>,
        name: String
    ) {
        self.records = records
        self.source = source
        self.clock = clock
        self.queries = queries
        self.name = name
    }

    /// Throws what the store says; an outage of the metrics back end is a verdict that says so. Nil where the task was
    /// cancelled.
    package func answer(to past: PastAnalysis) async throws(StoreError) -> Answer? {
        let backEnd = BackgroundBackEnd(
            source,
            wholes: [past.window, past.controlWindow],
            clock: clock,
            queries: queries
        )
        let sampler = Sampler(backEnd: backEnd, controlLag: past.controlLag)
        var answer = Answer(session: past.session, verdicts: [], transitions: [], samples: [])
        answer.add([], since: nil, at: past.session.openedAt, name)
        let before = try await remembered(by: past.session)
        var memory = SessionMemory.empty(for: past.session)
        while let time = answer.session.wakeAt {
            guard !Task.isCancelled else { return nil }
            let evaluator = SessionEvaluator(
                sampler: sampler,
                clock: StandingClock(time: time),
                metrics: uncounted,
                threads: 1
            )
            let stored = StoredSession(session: answer.session, version: 1)
            let (change, updated) = try await evaluator.evaluate(
                stored,
                memory: memory,
                excluded: before.excluded,
                kept: before.kept
            )
            memory = updated
            guard !Task.isCancelled else { return nil }
            let earlier = answer.session
            if let obstacle = backEnd.obstacle {
                let verdict = answer.session.reject(obstacle.ending, at: time)
                answer.add([verdict], since: earlier, at: time, name)
                return answer
            }
            answer.session = change.written.first?.session ?? answer.session
            answer.samples += change.samples
            answer.add(change.verdicts, since: earlier, at: time, name)
        }
        return answer
    }

    /// What a live analysis would have known of those before it.
    private func remembered(
        by session: AnalysisSession
    ) async throws(StoreError) -> (excluded: UnlearnedTimes, kept: [Int: KeptNoise]) {
        guard session.plan.isSequential else { return (UnlearnedTimes(), [:]) }
        let excluded = try await records.unlearnedTimes(for: session, before: session.deployedAt)
        let kept = try await NoiseMemory(of: session).kept(in: records, without: [:])
        // An analysis that opened at the same time is most likely the live one of the same release.
        return (excluded, kept.filter { $0.value.learnedAt < session.deployedAt.milliseconds })
    }
}

extension PastReplay.Answer {
    fileprivate mutating func add(
        _ new: [Verdict],
        since before: AnalysisSession?,
        at time: Timestamp,
        _ name: String
    ) {
        // Of the looks before the last two the transitions tell.
        verdicts = (verdicts + new).suffix(2)
        transitions += SessionTransition.between(before, session, verdicts: new, at: time, replica: name)
    }
}

extension BackgroundObstacle {
    fileprivate var ending: UndecidedEnding {
        switch self {
        case .backEnd(let cause, let why): .unanswered(cause, why)
        case .busy: .unanswered(.overloaded, "analyses of releases have kept the metrics back end busy")
        case .tooLarge: .notJudgeable("the answers are larger than an analysis of a past window may hold")
        }
    }
}

/// The time of one look.
private struct StandingClock: EngineClock {
    let time: Timestamp

    func now() -> Timestamp { time }

    func sleep(until time: Timestamp) async throws {}
}
