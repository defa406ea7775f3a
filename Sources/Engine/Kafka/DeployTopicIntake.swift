import Analysis
package import Concurrency
package import EventFormats
package import Kafka
package import Logging
import ServiceLifecycle
import Store
import Synchronization
import Telemetry

/// Takes deploy events from their Kafka topic into the inbox, and stores an offset only when everything before it is
/// durable: events in the inbox, unreadable records on the dead-letter topic.
package final class DeployTopicIntake: Service {
    private let makeConsumer: @Sendable () async throws -> any DeployRecords
    private struct State {
        var consumer: (any DeployRecords)?
        /// Why there is none.
        var trouble: String?
    }

    private let state = Mutex(State())
    private let refused: RefusedRecords
    private let intake: Intake
    private let backoff: Backoff
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private let logger: Logger

    /// - Parameter maximumDeadLetters: how many a second are kept; those beyond are counted. Nil keeps all.
    package init(
        makeConsumer: @escaping @Sendable () async throws -> any DeployRecords,
        deadLetters: any DeadLetters,
        maximumDeadLetters: Double? = nil,
        intake: Intake,
        backoff: Backoff = Backoff(),
        clock: any EngineClock,
        metrics: EngineMetrics,
        logger: Logger
    ) {
        self.makeConsumer = makeConsumer
        refused = RefusedRecords(
            deadLetters: deadLetters,
            maximumRate: maximumDeadLetters,
            clock: clock,
            metrics: metrics,
            logger: logger
        )
        self.intake = intake
        self.backoff = backoff
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
    }

    /// The consumer has its place in the group.
    package var isJoined: Bool { state.withLock { $0.consumer?.isJoined ?? false } }

    /// Of the consumer that runs, or ran last; nil before the first.
    package var statistics: KafkaConsumerStatistics? { state.withLock { $0.consumer?.statistics } }

    /// Why nothing is read; nil while a consumer runs, whether or not it has its place in the group.
    package var trouble: String? { state.withLock { $0.trouble } }

    package func run() async throws {
        // Wrong settings end the process at the start; a consumer that dies later is replaced.
        let first = try await makeConsumer()
        await UntilShutdown.run {
            var next: (any DeployRecords)? = first
            var failures = 0
            while !Task.isCancelled {
                if let consumer = next {
                    let hasRead = await self.consume(consumer)
                    if hasRead { failures = 0 }
                }
                guard !Task.isCancelled else { return }
                failures += 1
                try? await self.clock.sleep(until: self.clock.now() + self.backoff.pause(after: failures + 2))
                guard !Task.isCancelled else { return }
                next = await self.replacement(attempt: failures)
            }
        }
    }

    /// Takes batches until the consumer ends or the task is cancelled, and closes it.
    ///
    /// - Returns: whether a batch came.
    private func consume(_ consumer: any DeployRecords) async -> Bool {
        var hasRead = false
        state.withLock { $0 = State(consumer: consumer) }
        do {
            while let batch = try await consumer.nextBatch() {
                hasRead = true
                metrics.lastRead.set(clock.now().seconds)
                try await waitForRoom(consumer)
                try await receive(batch, from: consumer)
            }
            if !Task.isCancelled { ended("the consumer was closed") }
        } catch {
            ended("\(error)")
        }
        await consumer.close()
        return hasRead
    }

    private func ended(_ reason: String) {
        guard !Task.isCancelled else { return }
        state.withLock { $0.trouble = "the consumer of the deploy topic ended: \(reason)" }
        logger.error("the deploy topic cannot be read; a new consumer is made", metadata: ["error": "\(reason)"])
    }

    private func replacement(attempt: Int) async -> (any DeployRecords)? {
        do {
            let consumer = try await makeConsumer()
            logger.notice("the deploy topic has a new consumer", metadata: ["attempt": "\(attempt)"])
            return consumer
        } catch {
            state.withLock { $0.trouble = "no consumer of the deploy topic can be made: \(error)" }
            logger.error(
                "no consumer of the deploy topic can be made; trying again",
                metadata: ["attempt": "\(attempt)", "error": "\(error)"]
            )
            return nil
        }
    }

    /// Leaves the topic alone while too much waits in the store.
    private func waitForRoom(_ consumer: any DeployRecords) async throws {
        guard let reason = intake.closed else { return }
        logger.warning("deploy topic is left alone until there is room", metadata: ["reason": "\(reason)"])
        consumer.pause()
        while intake.closed != nil { try await clock.sleep(until: clock.now() + .seconds(1)) }
        consumer.resume()
    }

    /// Retries each step until it succeeds: nothing after the batch may be taken before the batch is durable.
    private func receive(_ batch: KafkaBatch, from consumer: any DeployRecords) async throws {
        let now = clock.now()
        let envelopes = batch.records.map { record in
            Envelope(
                door: .kafka,
                headers: record.headers.map { EventHeader(name: $0.key, value: $0.value) },
                body: record.value,
                oversize: record.oversize,
                unreadable: record.unreadable?.reason,
                receivedAt: now
            )
        }
        let outcomes = try await retrying(consumer, "inbox cannot be written") {
            try await self.intake.receive(envelopes)
        }
        let letters = zip(batch.records, outcomes).compactMap { record, outcome in
            if case .refused(let refusal) = outcome { DeadLetter(record, refusal) } else { nil }
        }
        try await setAside(letters, of: consumer)
        try await consumer.store(batch)
    }

    private func setAside(_ letters: [DeadLetter], of consumer: any DeployRecords) async throws {
        guard !letters.isEmpty else { return }
        let kept = refused.admit(letters)
        let unsent = Mutex(kept)
        try await retrying(consumer, "dead letter cannot be written") { [refused] in
            let (left, failure) = await refused.send(unsent.withLock { $0 })
            unsent.withLock { $0 = left }
            if let failure { throw failure }
        }
        refused.log(letters, kept: kept.count)
    }

    private func retrying<Value: Sendable>(
        _ consumer: any DeployRecords,
        _ message: Logger.Message,
        _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        var attempts = 0
        var outage = Outage<Timestamp>()
        while true {
            do {
                let value = try await body()
                tell(outage.ended(at: clock.now()), message, nil)
                return value
            } catch {
                attempts += 1
                if let error = error as? StoreError { metrics.storeFailures.add(1, error.code.rawValue) }
                consumer.pause()
                tell(outage.failed(at: clock.now()), message, error)
                // Cancelled: the offset is not stored, so that the records come again after the next start.
                try await clock.sleep(until: clock.now() + backoff.limited(to: .seconds(10)).pause(after: attempts))
                consumer.resume()
            }
        }
    }

    private func tell(_ notice: Outage<Timestamp>.Notice?, _ message: Logger.Message, _ error: (any Error)?) {
        let reason = error.map { "\($0)" } ?? ""
        switch notice {
        case .began?, .lasts?: logger.error(message, metadata: notice?.metadata(and: ["error": "\(reason)"]))
        case .ended?:
            logger.notice("the deploy topic is read on", metadata: notice?.metadata(and: ["trouble": "\(message)"]))
        case nil: break
        }
    }
}

extension DeadLetter {
    init(_ record: KafkaRecord, _ refusal: IntakeRefusal) {
        self.init(
            origin: Origin(
                topic: record.topic,
                partition: record.partition,
                offset: record.offset,
                lastOffset: record.lastOffset,
                timestampMilliseconds: record.timestampMilliseconds
            ),
            record: Content(
                key: record.key,
                value: record.value,
                headers: record.headers.map { EventHeader(name: $0.key, value: $0.value) }
            ),
            oversize: record.oversize,
            reason: refusal.reason,
            message: refusal.message
        )
    }
}
