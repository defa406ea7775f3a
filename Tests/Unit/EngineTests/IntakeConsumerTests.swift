import Analysis
import Concurrency
import Engine
import EventFormats
import Foundation
import Kafka
import PlanFormats
import Store
import Synchronization
import Telemetry
import Testing

/// Consumers of the deploy topic that die, and that cannot be made.
@Suite(.timeLimit(.minutes(5))) struct IntakeConsumerTests {
    @Test func aConsumerThatDiesIsReplacedAndEveryFailedAttemptIsSaid() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore(path: directory.appending(path: "s.db").path)
            let log = CollectedLog()
            let factory = ConsumerFactory()
            let intake = DeployTopicIntake(
                makeConsumer: { try await factory.make() },
                deadLetters: NoDeadLetters(),
                intake: Intake(
                    reader: EnvelopeReader(plans: PlanReader(), planLimits: EventPlanLimits()),
                    store: store,
                    work: WakeSignal(),
                    metrics: EngineMetrics(MetricRegistry()),
                    logger: log.logger
                ),
                backoff: Backoff(base: .milliseconds(1), limit: .milliseconds(1)),
                clock: SystemClock(),
                metrics: EngineMetrics(MetricRegistry()),
                logger: log.logger
            )
            let running = Task { try await intake.run() }
            var troubles: [String] = []
            for await attempt in factory.attempts {
                if let trouble = intake.trouble { troubles.append("\(attempt): \(trouble)") }
                factory.proceed()
                if attempt == 5 { break }
            }
            #expect(
                troubles == [
                    "2: the consumer of the deploy topic ended: fenced",
                    "3: no consumer of the deploy topic can be made: no thread",
                    "4: no consumer of the deploy topic can be made: no thread",
                    "5: no consumer of the deploy topic can be made: no thread",
                ]
            )
            await factory.last.opened()
            #expect(intake.trouble == nil)
            #expect(intake.isJoined)
            #expect(log.count(of: "no consumer of the deploy topic can be made; trying again") == 3)
            #expect(log.count(of: "the deploy topic cannot be read; a new consumer is made error=fenced") == 1)
            #expect(log.count(of: "the deploy topic has a new consumer") == 1)
            running.cancel()
            try await running.value
            await store.close()
        }
    }
}

/// Its first consumer dies, the next three cannot be made, the fifth waits for records.
private final class ConsumerFactory: Sendable {
    let last = WaitingRecords()
    let attempts: AsyncStream<Int>
    private let continuation: AsyncStream<Int>.Continuation
    private let permits: AsyncStream<Void>
    private let permit: AsyncStream<Void>.Continuation
    private let count = Mutex(0)

    init() {
        (attempts, continuation) = AsyncStream.makeStream()
        (permits, permit) = AsyncStream.makeStream()
    }

    /// Lets the attempt that was seen go on.
    func proceed() { permit.yield() }

    func make() async throws -> any DeployRecords {
        let attempt = count.withLock { count in
            count += 1
            return count
        }
        continuation.yield(attempt)
        for await _ in permits { break }
        switch attempt {
        case 1: return DyingRecords()
        case 2...4: throw KafkaError(code: .other, message: "no thread")
        default: return last
        }
    }
}

private struct DyingRecords: DeployRecords {
    var isJoined: Bool { false }
    var statistics: KafkaConsumerStatistics { KafkaConsumerStatistics() }
    func nextBatch() async throws -> KafkaBatch? {
        throw KafkaError(code: .fatal, message: "fenced", isFatal: true)
    }
    func store(_ batch: KafkaBatch) async throws {}
    func pause() {}
    func resume() {}
    func close() async {}
}

private final class WaitingRecords: DeployRecords {
    private let reading: AsyncStream<Void>
    private let begins: AsyncStream<Void>.Continuation
    private let ends: AsyncStream<Void>
    private let ending: AsyncStream<Void>.Continuation

    init() {
        (reading, begins) = AsyncStream.makeStream()
        (ends, ending) = AsyncStream.makeStream()
    }

    var isJoined: Bool { true }
    var statistics: KafkaConsumerStatistics { KafkaConsumerStatistics() }

    /// Awaits the first reader.
    func opened() async {
        for await _ in reading { return }
    }

    func nextBatch() async throws -> KafkaBatch? {
        begins.yield()
        for await _ in ends {}
        return nil
    }

    func store(_ batch: KafkaBatch) async throws {}
    func pause() {}
    func resume() {}
    func close() async { ending.finish() }
}

private struct NoDeadLetters: DeadLetters {
    func setAside(_ letter: DeadLetter) async throws {}
}
