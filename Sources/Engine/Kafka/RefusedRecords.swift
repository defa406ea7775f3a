import Concurrency
import EventFormats
import Logging
import Synchronization
import Telemetry

/// What becomes of the records that are not taken in: they are kept on the dead-letter topic, all of a batch at a time,
/// counted, and said in a bounded number of lines.
final class RefusedRecords: Sendable {
    private struct State {
        var lines = RateBudget(rate: 0.1, burst: 10)
        var letters: RateBudget?
        /// Since the last line.
        var kept = 0
        var notKept = 0
    }

    private let state: Mutex<State>
    private let deadLetters: any DeadLetters
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private let logger: Logger

    /// - Parameter maximumRate: how many a second are kept; those beyond are counted. Nil keeps all.
    init(
        deadLetters: any DeadLetters,
        maximumRate: Double?,
        clock: any EngineClock,
        metrics: EngineMetrics,
        logger: Logger
    ) {
        state = Mutex(State(letters: maximumRate.map { RateBudget(rate: $0, burst: $0 * 10) }))
        self.deadLetters = deadLetters
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
    }

    /// Those of a batch that are to be kept. The others are counted. What is refused for the time being is kept always.
    func admit(_ letters: [DeadLetter]) -> [DeadLetter] {
        let now = clock.now().seconds
        let rubbish = letters.indices.filter { letters[$0].reason != IntakeRefusal.sourceFull }
        let admitted = state.withLock { $0.letters?.take(rubbish.count, at: now) } ?? rubbish.count
        let dropped = Set(rubbish.dropFirst(admitted))
        for index in dropped { metrics.deadLettersDropped.add(1, letters[index].reason) }
        return letters.indices.filter { !dropped.contains($0) }.map { letters[$0] }
    }

    /// Sends them, all at a time.
    ///
    /// - Returns: those that could not be stored, and why the first of them could not.
    func send(_ letters: [DeadLetter]) async -> (left: [DeadLetter], failure: (any Error)?) {
        let places = Dictionary(uniqueKeysWithValues: letters.enumerated().map { ($0.offset, $0.element) })
        let failures = await deadLetters.setAside(places)
        for (index, letter) in letters.enumerated() where failures[index] == nil {
            metrics.deadLetters.add(1, letter.reason)
        }
        let left = failures.keys.sorted()
        return (left.map { letters[$0] }, left.first.flatMap { failures[$0] })
    }

    /// Says what became of a batch, now or with a later one.
    func log(_ letters: [DeadLetter], kept: Int) {
        guard let first = letters.first else { return }
        let now = clock.now().seconds
        let said = state.withLock { state -> (kept: Int, notKept: Int)? in
            state.kept += kept
            state.notKept += letters.count - kept
            guard state.lines.take(1, at: now) == 1 else { return nil }
            defer { (state.kept, state.notKept) = (0, 0) }
            return (state.kept, state.notKept)
        }
        guard let said else { return }
        var metadata: Logger.Metadata = [
            "events": "\(said.kept)", "topic": "\(first.origin.topic)", "partition": "\(first.origin.partition)",
            "offset": "\(first.origin.offset)", "reason": "\(first.reason)", "error": "\(first.message)",
        ]
        if said.notKept > 0 { metadata["notKept"] = "\(said.notKept)" }
        logger.warning("events sent to the dead-letter topic", metadata: metadata)
    }
}
