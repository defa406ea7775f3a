import Analysis
import Concurrency
import Engine
import EventFormats
import Foundation
import Kafka
import Logging
import PlanFormats
import Store
import Synchronization
import Telemetry
import Testing

/// What becomes of records that are no deploy events, many at a time.
@Suite(.timeLimit(.minutes(5))) struct RefusedRecordsTests {
    /// Takes the intake through batches of records, and back out.
    private func take(
        _ batches: [[KafkaRecord]],
        deadLetters: any DeadLetters,
        maximumDeadLetters: Double? = nil,
        backpressure: IntakeBackpressure = IntakeBackpressure(),
        metrics: EngineMetrics = EngineMetrics(MetricRegistry()),
        log: CollectedLog = CollectedLog()
    ) async throws -> [Int] {
        let topic = ScriptedRecords(batches)
        try await withDirectory { directory in
            let store = try SQLiteStore(path: directory.appending(path: "s.db").path)
            let intake = DeployTopicIntake(
                makeConsumer: { topic },
                deadLetters: deadLetters,
                maximumDeadLetters: maximumDeadLetters,
                intake: Intake(
                    reader: EnvelopeReader(plans: PlanReader()),
                    store: store,
                    backpressure: backpressure,
                    work: WakeSignal(),
                    metrics: metrics,
                    logger: log.logger
                ),
                backoff: Backoff(base: .milliseconds(1), limit: .milliseconds(1)),
                clock: SystemClock(),
                metrics: metrics,
                logger: log.logger
            )
            let running = Task { try await intake.run() }
            await topic.finished()
            running.cancel()
            try await running.value
            await store.close()
        }
        return topic.stored
    }

    private func rubbish(_ offsets: Range<Int64>) -> [KafkaRecord] {
        offsets.map { KafkaRecord(topic: "deploy.events", partition: 0, offset: $0, value: [1]) }
    }

    @Test func `the dead letters of a batch are under way together`() async throws {
        let letters = Gate(opensAt: 100)
        let stored = try await take([rubbish(0..<100)], deadLetters: letters)
        #expect(letters.offsets == Set(0..<100))
        #expect(stored == [100])
    }

    @Test func `those that could not be stored are sent again, and the others not`() async throws {
        let letters = Flaky(failing: [3, 7], times: 2)
        let metrics = EngineMetrics(MetricRegistry())
        let log = CollectedLog()
        let stored = try await take([rubbish(0..<10)], deadLetters: letters, metrics: metrics, log: log)
        #expect(letters.sent.sorted() == Array(0..<10))
        #expect(letters.attempts == 14)
        #expect(stored == [10])
        #expect(metrics.deadLetters.value("notACloudEvent") == 10)
        #expect(log.count(of: "error: dead letter cannot be written") == 1)
    }

    @Test func `however many there are, the log has a few lines`() async throws {
        let log = CollectedLog()
        let batches = stride(from: Int64(0), to: 500, by: 5).map { first in rubbish(first..<first + 5) }
        _ = try await take(batches, deadLetters: Gate(opensAt: 1), log: log)
        let lines = log.all.filter { $0.contains("events sent to the dead-letter topic") }
        #expect((1...15).contains(lines.count))
        #expect(lines.first?.contains("events=5") == true && lines.first?.contains("offset=0") == true)
    }

    @Test func `above the rate they are counted and passed over`() async throws {
        let letters = Gate(opensAt: 1)
        let metrics = EngineMetrics(MetricRegistry())
        let log = CollectedLog()
        let stored = try await take(
            [rubbish(0..<50)],
            deadLetters: letters,
            maximumDeadLetters: 1,
            metrics: metrics,
            log: log
        )
        #expect(letters.offsets == Set(0..<10))
        #expect(metrics.deadLetters.value("notACloudEvent") == 10)
        #expect(metrics.deadLettersDropped.value("notACloudEvent") == 40)
        #expect(stored == [50])
        #expect(log.count(of: "events=10") == 1 && log.count(of: "notKept=40") == 1)
    }

    /// Those of other sources in the same partition are taken in, and none of these is lost.
    @Test func `events of a source with too many that wait are dead letters, however many there are`() async throws {
        let letters = Gate(opensAt: 1)
        let (backpressure, metrics) = (IntakeBackpressure(), EngineMetrics(MetricRegistry()))
        backpressure.hold([EngineHarness.event("1").identity.source: 10_000])
        let records = (0..<50).map { number in
            var event = EngineHarness.event("\(number)")
            if number % 5 == 0 { event.identity.source = "/other" }
            let (value, headers) = CloudEventKafkaBinding.structured(DeployEventEncoder.encode(event))
            return KafkaRecord(
                topic: "deploy.events",
                partition: 0,
                offset: Int64(number),
                value: value,
                headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) }
            )
        }
        let stored = try await take(
            [records],
            deadLetters: letters,
            maximumDeadLetters: 1,
            backpressure: backpressure,
            metrics: metrics
        )
        #expect(metrics.deadLetters.value("sourceFull") == 40)
        #expect(metrics.deadLettersDropped.value("sourceFull") == 0)
        #expect(metrics.eventsReceived.value("kafka", "accepted") == 10)
        #expect(stored == [50])
    }

    @Test func `a budget gives what has come together, and nothing for a clock that was set back`() {
        var budget = RateBudget(rate: 2, burst: 10)
        #expect(budget.take(50, at: 100) == 10)
        #expect(budget.take(1, at: 100) == 0)
        #expect(budget.take(50, at: 103) == 6)
        #expect(budget.take(50, at: 50) == 0)
        #expect(budget.take(50, at: 51) == 2)
        #expect(budget.take(50, at: 1e9) == 10)
    }
}

/// Batches, and which of them were stored: each by the offset behind its last record.
private final class ScriptedRecords: DeployRecords {
    private struct State {
        var batches: [[KafkaRecord]]
        var stored: [Int] = []
    }

    private let state: Mutex<State>
    private let done: AsyncStream<Void>
    private let end: AsyncStream<Void>.Continuation

    init(_ batches: [[KafkaRecord]]) {
        state = Mutex(State(batches: batches.reversed()))
        (done, end) = AsyncStream.makeStream()
    }

    var isJoined: Bool { true }
    var statistics: KafkaConsumerStatistics { KafkaConsumerStatistics() }
    var stored: [Int] { state.withLock { $0.stored } }

    /// Awaits that more was asked for than there is.
    func finished() async {
        for await _ in done {}
    }

    func nextBatch() async throws -> KafkaBatch? {
        guard let records = state.withLock({ $0.batches.popLast() }) else {
            end.finish()
            while !Task.isCancelled { try await Task.sleep(for: .seconds(60)) }
            return nil
        }
        return KafkaBatch(records: records)
    }

    func store(_ batch: KafkaBatch) async throws {
        state.withLock { $0.stored.append(batch.records.last.map { Int($0.end) } ?? 0) }
    }

    func pause() {}
    func resume() {}
    func close() async {}
}

/// Holds what is sent until so many are under way.
private final class Gate: DeadLetters {
    private let state = Mutex<Set<Int64>>([])
    private let open = Promise<Void>()
    private let number: Int

    init(opensAt number: Int) { self.number = number }

    var offsets: Set<Int64> { state.withLock { $0 } }

    func setAside(_ letter: DeadLetter) async throws {
        let isFull = state.withLock { offsets in
            offsets.insert(letter.origin.offset)
            return offsets.count == number
        }
        if isFull { open.set(()) }
        await open.value()
    }
}

/// Refuses some records a number of times.
private final class Flaky: DeadLetters {
    private struct State {
        var failures: [Int64: Int]
        var sent: [Int64] = []
        var attempts = 0
    }

    private let state: Mutex<State>

    init(failing offsets: [Int64], times: Int) {
        state = Mutex(State(failures: Dictionary(uniqueKeysWithValues: offsets.map { ($0, times) })))
    }

    var sent: [Int64] { state.withLock { $0.sent } }
    var attempts: Int { state.withLock { $0.attempts } }

    func setAside(_ letter: DeadLetter) async throws {
        try state.withLock { state in
            state.attempts += 1
            if let left = state.failures[letter.origin.offset], left > 0 {
                state.failures[letter.origin.offset] = left - 1
                throw KafkaError(code: .transport, message: "no broker")
            }
            state.sent.append(letter.origin.offset)
        }
    }
}
