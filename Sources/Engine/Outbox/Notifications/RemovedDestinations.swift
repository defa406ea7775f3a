import Analysis
package import Logging
import ServiceLifecycle
package import Store
import Telemetry

/// Gives up what waits for destinations that no process serves any more, once it is older than what is kept for one that
/// does not answer: until then another process may still have the destination.
package struct RemovedDestinations: Service {
    private static let batch = 100

    private let store: any Store
    /// Those that this process serves.
    private let served: Set<OutboxSink>
    private let owner: String
    private let age: Duration
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private let logger: Logger

    package init(
        store: any Store,
        served: Set<OutboxSink>,
        owner: String,
        age: Duration,
        clock: any EngineClock,
        metrics: EngineMetrics,
        logger: Logger
    ) {
        self.store = store
        self.served = served
        self.owner = owner
        self.age = age
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
    }

    package func run() async throws {
        await UntilShutdown.run {
            while !Task.isCancelled {
                do throws(StoreError) { try await giveUp() } catch {
                    metrics.storeFailures.add(1, error.code.rawValue)
                }
                try? await clock.sleep(until: clock.now() + .seconds(600))
            }
        }
    }

    package func giveUp() async throws(StoreError) {
        let oldest = clock.now() - age
        for depth in try await store.outboxDepths()
        where depth.sink.isNotification && !served.contains(depth.sink) && depth.oldest.map({ $0 < oldest }) == true {
            try await giveUp(depth.sink, before: oldest)
        }
    }

    /// Shards that another process delivers are left to it.
    private func giveUp(_ sink: OutboxSink, before oldest: Timestamp) async throws(StoreError) {
        let now = clock.now()
        let claim = ShardClaim(
            sink: sink,
            owner: owner,
            wanted: OutboxShard.count,
            now: now,
            until: now + .seconds(30)
        )
        var dropped = 0
        for lease in try await store.claimShards(claim) {
            var last: Int
            repeat {
                let messages = try await store.dueMessages(of: lease, at: now, limit: Self.batch)
                let old = messages.filter { $0.createdAt < oldest }
                try await store.settle(
                    old.map { message in
                        OutboxSettlement(
                            sequence: message.sequence,
                            outcome: .dropped(error: "the destination was removed"),
                            at: now
                        )
                    },
                    under: lease
                )
                last = old.count
                dropped += last
            } while last == Self.batch
        }
        try await store.releaseShards(of: sink, owner: owner)
        guard dropped > 0 else { return }
        metrics.outboxFailures.add(Double(dropped), LabelValues.otherSink, "dropped")
        logger.error(
            "outbox messages were given up: their destination was removed",
            metadata: ["sink": "\(sink.rawValue)", "messages": "\(dropped)"]
        )
    }
}
