import Analysis
import Concurrency
import Logging
import Store
import Synchronization
import Telemetry

/// Delivers the messages of one shard while this process holds it.
final class ShardRelay: Sendable {
    private struct State {
        var until: Timestamp
        /// What became of messages and could not be written yet: they must not be delivered again before it is.
        var unwritten: [OutboxSettlement] = []
        /// Passes in a row in which nothing arrived.
        var failures = 0
        var pausedUntil: Timestamp?
    }

    let number: Int
    let fence: Int64
    private let lease: ShardLease
    private let sink: any MessageSink
    private let delivery: any ShardDelivery
    private let outage: DeliveryOutage
    private let store: any Store
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private let logger: Logger
    private let options: OutboxRelay.Options
    private let state: Mutex<State>

    init(
        lease: ShardLease,
        sink: any MessageSink,
        outage: DeliveryOutage,
        takenAt: Timestamp,
        store: any Store,
        clock: any EngineClock,
        metrics: EngineMetrics,
        logger: Logger,
        options: OutboxRelay.Options
    ) {
        number = lease.shard
        fence = lease.fence
        self.lease = lease
        self.sink = sink
        delivery = sink.startDelivery(lease, at: takenAt)
        self.outage = outage
        self.store = store
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
        self.options = options
        state = Mutex(State(until: lease.until))
    }

    func renew(until: Timestamp) {
        state.withLock { $0.until = until }
    }

    func close() async {
        outage.left(shard: number, at: clock.now())
        await delivery.close()
    }

    /// Delivers what is due now. Returns the number of messages that were settled for good; 0 also when the shard rests
    /// after a failure, or may have been lost.
    func deliverDue() async -> Int {
        let now = clock.now()
        guard state.withLock({ $0.until > now && $0.pausedUntil ?? now <= now }) else { return 0 }
        do throws(StoreError) {
            try await write()
            let messages = try await store.dueMessages(of: lease, at: now, limit: sink.batch)
            guard !messages.isEmpty else { return 0 }
            let results = await delivery.deliver(messages)
            let settlements = results.map(settlement)
            let arrived = settlements.count { !$0.isRetry }
            record(settlements, arrived: arrived, keys: Set(results.map(\.message.key)).count)
            try await write()
            return arrived
        } catch {
            storeFailed(error)
            return 0
        }
    }

    /// When nothing of several keys arrives the sink is down, and the shard rests. A single key rests by itself.
    private func record(_ settlements: [OutboxSettlement], arrived: Int, keys: Int) {
        let now = clock.now()
        state.withLock { state in
            state.unwritten += settlements
            state.failures = arrived > 0 ? 0 : state.failures + 1
            state.pausedUntil = arrived > 0 || keys < 2 ? nil : now + options.backoff.pause(after: state.failures)
        }
    }

    private func write() async throws(StoreError) {
        let unwritten = state.withLock { $0.unwritten }
        guard !unwritten.isEmpty else { return }
        try await store.settle(unwritten, under: lease)
        state.withLock { $0.unwritten.removeFirst(unwritten.count) }
    }

    private func storeFailed(_ error: StoreError) {
        if error.code == .conflict {
            // Another replica has the shard now; the next claim notices it.
            state.withLock { $0.until = Timestamp(milliseconds: 0) }
            logger.info("shard was taken over", metadata: ["sink": "\(sink.sink.rawValue)", "shard": "\(number)"])
            return
        }
        let now = clock.now()
        state.withLock { $0.pausedUntil = now + options.backoff.limited(to: .seconds(10)).pause(after: 1) }
        metrics.storeFailures.add(1, error.code.rawValue)
        logger.warning(
            "outbox cannot be read or settled; trying again",
            metadata: ["sink": "\(sink.sink.rawValue)", "shard": "\(number)", "error": "\(error)"]
        )
    }

    private func settlement(_ result: DeliveryResult) -> OutboxSettlement {
        let (name, message, now) = (sink.sink.rawValue, result.message, clock.now())
        switch result.outcome {
        case .success(let reference):
            metrics.outboxDelivered.add(1, name)
            outage.settled(key: message.key, shard: number, at: now)
            metrics.deliveryTime.observe(max(0, now.since(message.createdAt).seconds), name)
            return OutboxSettlement(sequence: message.sequence, outcome: .delivered(reference: reference), at: now)
        case .failure(let error):
            // Without a limit of time nothing is given up: whatever is wrong can be mended, or read by another version.
            let isDropped = options.maximumAge.map { !error.isTransient || now.since(message.createdAt) > $0 } ?? false
            metrics.outboxFailures.add(1, name, isDropped ? "dropped" : "retried")
            if isDropped {
                logger.error(
                    "outbox message was given up",
                    metadata: [
                        "sink": "\(name)", "id": "\(message.id)", "attempt": "\(message.attempts + 1)",
                        "error": "\(error)",
                    ]
                )
                outage.settled(key: message.key, shard: number, at: now)
            } else {
                outage.failed(result, error, shard: number, at: now)
            }
            let retry = now + max(options.backoff.pause(after: message.attempts + 1), error.retryAfter ?? .zero)
            return OutboxSettlement(
                sequence: message.sequence,
                outcome: isDropped ? .dropped(error: error.message) : .retry(at: retry, error: error.message),
                at: now
            )
        }
    }
}

extension OutboxSettlement {
    fileprivate var isRetry: Bool {
        if case .retry = outcome { true } else { false }
    }
}
