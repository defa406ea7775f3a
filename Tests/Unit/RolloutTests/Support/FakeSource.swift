import Analysis
import Concurrency
import EventFormats
import Kafka
import Synchronization

@testable import Rollout

/// Hands out records that a test gives, and keeps what was done with them.
final class FakeSource: VerdictSource {
    private struct State {
        var queue: [KafkaRecord] = []
        var nextOffset: Int64 = 0
        var isPaused = false
        var isClosed = false
    }

    private let reader: VerdictReader
    private let state = Mutex(State())
    private let available = AsyncSemaphore(permits: 0)
    /// Offsets in the order in which they were done.
    let done = Collector<Int64>()
    let pauses = Collector<Bool>()
    /// Dead letters.
    let letters = Collector<DeadLetter>()

    init(reader: VerdictReader = VerdictReader(now: { Fixture.start })) {
        self.reader = reader
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    func give(_ verdict: Verdict) {
        give { Fixture.record(verdict, offset: $0) }
    }

    /// Asks for the action of a verdict again, which failed then.
    func give(_ verdict: Verdict, retryOf failedAt: Timestamp) {
        give { Fixture.record(RetryRequest.event(Fixture.event(verdict), failedAt: failedAt), offset: $0) }
    }

    func give(_ record: (Int64) -> KafkaRecord) {
        state.withLock { state in
            state.queue.append(record(state.nextOffset))
            state.nextOffset += 1
        }
        available.leave()
    }

    /// Ends the topic: the controller finishes what it has.
    func end() { available.close() }

    func next() async throws -> VerdictDelivery? {
        let entered = await available.enter()
        try Task.checkCancellation()
        return state.withLock { state in
            guard entered || !state.queue.isEmpty else { return nil }
            let record = state.queue.removeFirst()
            let deliveries = VerdictDelivery.all(
                of: [record],
                reader: reader,
                deadLetters: CollectedLetters(all: letters)
            ) { self.done.add($0.offset) }
            return deliveries.first
        }
    }

    func pause() { pauses.add(true) }
    func resume() { pauses.add(false) }
    func close() async { state.withLock { $0.isClosed = true } }
}

/// Keeps what is set aside.
struct CollectedLetters: DeadLetters {
    let all: Collector<DeadLetter>

    func setAside(_ letter: DeadLetter) async throws { all.add(letter) }
}

/// Keeps what is stored; fails as told.
final class FakeSink: RolloutSink {
    private let failures = Mutex<[KafkaError]>([])
    let sent = Collector<CloudEvent>()
    let attempts = Collector<CloudEvent>()

    init(failures: [KafkaError] = []) {
        self.failures.withLock { $0 = failures }
    }

    func store(_ event: CloudEvent, of release: ReleaseIdentity) async throws {
        attempts.add(event)
        let failure = failures.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if let failure { throw failure }
        sent.add(event)
    }
}

/// Replays events that were stored before; the readings that fail come first, each after half of the events.
final class FakeHistory: RolloutHistory {
    private let events: [CloudEvent?]
    private let failures: Mutex<[KafkaError]>
    let readings = Collector<Bool>()

    init(_ events: [CloudEvent?], failures: [KafkaError] = []) {
        self.events = events
        self.failures = Mutex(failures)
    }

    func read(_ body: (CloudEvent?) -> Void) async throws {
        let failure = failures.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        for event in events.prefix(failure == nil ? events.count : events.count / 2) { body(event) }
        readings.add(failure == nil)
        if let failure { throw failure }
    }
}
