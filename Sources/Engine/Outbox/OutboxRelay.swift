import Analysis
package import Concurrency
package import Logging
import ServiceLifecycle
package import Store
import Synchronization
import Telemetry

/// Delivers the outbox to one sink: holds its share of the shards, and delivers each shard's messages until they have
/// arrived.
package final class OutboxRelay: Service {
    package struct Options: Sendable {
        /// Names this process in leases.
        package var owner: String
        /// How long a killed process keeps its shards from the others.
        package var lease: Duration = .seconds(30)
        package var poll: Duration = .seconds(1)
        package var backoff = Backoff()
        /// A message that the sink refuses for longer, or for good, is given up; nil never gives up.
        package var maximumAge: Duration?

        package init(owner: String) {
            self.owner = owner
        }
    }

    private let store: any Store
    private let sink: any MessageSink
    private let replicas: ReplicaRegister
    private let work: WakeSignal
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private let logger: Logger
    private let options: Options
    private let outage: DeliveryOutage
    private let shards = Mutex<[Int: ShardRelay]>([:])

    package init(
        store: any Store,
        sink: any MessageSink,
        replicas: ReplicaRegister,
        work: WakeSignal,
        clock: any EngineClock,
        metrics: EngineMetrics,
        logger: Logger,
        options: Options
    ) {
        self.store = store
        self.sink = sink
        self.replicas = replicas
        self.work = work
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
        self.options = options
        outage = DeliveryOutage(sink: sink.sink.rawValue, logger: logger)
        // A rate over them is known from the first message on.
        metrics.outboxDelivered.add(0, sink.sink.rawValue)
        for outcome in ["retried", "dropped"] { metrics.outboxFailures.add(0, sink.sink.rawValue, outcome) }
    }

    package func run() async throws {
        await UntilShutdown.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.keepShards() }
                group.addTask { await self.keepDelivering() }
            }
        }
        // What was decided while the relay stopped is delivered now, once; the rest is for others, or the next start.
        await CancellationShield.run {
            await self.deliverDue()
            await self.giveUpShards()
        }
    }

    private func keepShards() async {
        while !Task.isCancelled {
            await claimShards()
            try? await clock.sleep(until: clock.now() + options.lease / 3)
        }
    }

    private func keepDelivering() async {
        while !Task.isCancelled {
            // A delivery that has begun is finished and settled also when the relay is told to stop.
            let arrived = await CancellationShield.run { await self.deliverDue() }
            if arrived == 0 { await work.wait(until: clock.now() + options.poll, clock: clock) }
        }
    }

    // MARK: - Shards

    /// Renews the shards held and takes or gives up some, so that each replica has its share.
    package func claimShards() async {
        let wanted = await replicas.shardsWanted()
        let now = clock.now()
        let claim = ShardClaim(
            sink: sink.sink,
            owner: options.owner,
            wanted: wanted,
            now: now,
            until: now + options.lease
        )
        do throws(StoreError) {
            let held = try await store.claimShards(claim)
            await hold(held, at: clock.now())
        } catch {
            metrics.storeFailures.add(1, error.code.rawValue)
            logger.warning(
                "shards of the outbox cannot be kept",
                metadata: ["sink": "\(sink.sink.rawValue)", "error": "\(error)"]
            )
        }
    }

    private func hold(_ held: [ShardLease], at now: Timestamp) async {
        let (lost, taken) = shards.withLock { shards in
            var lost: [ShardRelay] = []
            for (number, shard) in shards.sorted(by: { $0.key < $1.key })
            where !held.contains(where: { $0.shard == number && $0.fence == shard.fence }) {
                lost.append(shard)
                shards[number] = nil
            }
            var taken = 0
            for lease in held {
                if let shard = shards[lease.shard] {
                    shard.renew(until: lease.until)
                } else {
                    taken += 1
                    shards[lease.shard] = shard(lease, at: now)
                }
            }
            return (lost, taken)
        }
        metrics.shards.set(Double(held.count), sink.sink.rawValue)
        for shard in lost { await shard.close() }
        if taken > 0 { work.signal() }
    }

    private func shard(_ lease: ShardLease, at now: Timestamp) -> ShardRelay {
        ShardRelay(
            lease: lease,
            sink: sink,
            outage: outage,
            takenAt: now,
            store: store,
            clock: clock,
            metrics: metrics,
            logger: logger,
            options: options
        )
    }

    private func giveUpShards() async {
        let held = shards.withLock { shards in
            defer { shards = [:] }
            return Array(shards.values)
        }
        for shard in held { await shard.close() }
        try? await store.releaseShards(of: sink.sink, owner: options.owner)
    }

    // MARK: - Messages

    /// Delivers what is due now. Returns the number of messages that were settled for good.
    @discardableResult
    package func deliverDue() async -> Int {
        let held = shards.withLock { $0.values.sorted { $0.number < $1.number } }
        return await withTaskGroup(of: Int.self) { group in
            for shard in held { group.addTask { await shard.deliverDue() } }
            return await group.reduce(0, +)
        }
    }
}
