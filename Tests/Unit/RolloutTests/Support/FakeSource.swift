import Analysis
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

    private let state = Mutex(State())
    private let available = Gate(permits: 0)
    /// Offsets in the order in which they were done.
    let done = Collector<Int64>()
    let pauses = Collector<Bool>()

    var isClosed: Bool { state.withLock { $0.isClosed } }

    func give(_ verdict: Verdict) {
        give { Fixture.record(verdict, offset: $0) }
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
            return VerdictDelivery(record: record) { self.done.add(record.offset) }
        }
    }

    func pause() { pauses.add(true) }
    func resume() { pauses.add(false) }
    func close() async { state.withLock { $0.isClosed = true } }
}

/// Keeps what is sent; fails as told.
final class FakeSink: RolloutSink {
    private let failures = Mutex<[KafkaError]>([])
    let sent = Collector<KafkaMessage>()
    let attempts = Collector<KafkaMessage>()

    init(failures: [KafkaError] = []) {
        self.failures.withLock { $0 = failures }
    }

    func send(_ message: KafkaMessage) async throws {
        attempts.add(message)
        let failure = failures.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if let failure { throw failure }
        sent.add(message)
    }
}

/// Replays messages that were sent before.
final class FakeHistory: RolloutHistory {
    private let records: Mutex<[KafkaRecord]>
    private let failure: KafkaError?

    init(_ messages: [KafkaMessage], failure: KafkaError? = nil) {
        self.failure = failure
        records = Mutex(messages.map { $0.record() })
    }

    func next() async throws -> KafkaRecord? {
        if let failure { throw failure }
        return records.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    func close() async {}
}
