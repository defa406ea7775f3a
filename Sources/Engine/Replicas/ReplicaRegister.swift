import Analysis
import Concurrency
package import Logging
import ServiceLifecycle
package import Store
import Synchronization
import Telemetry
import Text

/// Says that this process is alive, and knows which others are: so that they share what only one may do at a time.
package final class ReplicaRegister: Service {
    /// Unique to the process.
    package let name: String
    private let relays: Bool
    private let term: Duration
    private let startedAt: Timestamp
    private let store: any Store
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private let logger: Logger
    private let alive = Mutex<[Replica]>([])

    /// A process that has not checked in for `term` counts as gone.
    package init(
        name: String,
        relays: Bool,
        term: Duration,
        store: any Store,
        clock: any EngineClock,
        metrics: EngineMetrics,
        logger: Logger
    ) {
        self.name = name
        self.relays = relays
        self.term = term
        self.store = store
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
        startedAt = clock.now()
    }

    package func run() async throws {
        await UntilShutdown.run {
            while !Task.isCancelled {
                await self.checkIn()
                try? await self.clock.sleep(until: self.clock.now() + self.term / 3)
            }
        }
        await CancellationShield.run { try? await self.store.checkOut(self.name) }
    }

    package func checkIn() async {
        let now = clock.now()
        let replica = Replica(name: name, relays: relays, startedAt: startedAt, aliveUntil: now + term)
        do throws(StoreError) {
            let known = try await store.checkIn(replica, at: now)
            metrics.replicas.set(Double(known.count))
            alive.withLock { $0 = known }
        } catch {
            metrics.storeFailures.add(1, error.code.rawValue)
            logger.warning("this replica cannot check in", metadata: ["error": "\(error)"])
        }
    }

    /// The number of outbox shards that fall to this process: they are dealt out in turn to the replicas by name.
    package func shardsWanted() async -> Int {
        if alive.withLock({ $0.isEmpty }) { await checkIn() }
        let relays = alive.withLock { $0.filter(\.relays).map(\.name) }
        guard let place = relays.firstIndex(of: name) else { return OutboxShard.count }
        return (0..<OutboxShard.count).count { $0 % relays.count == place }
    }

    /// Whether this process, of all that are alive, is the one for a piece of work: each piece falls to one of them.
    func isOurs(_ work: String) async -> Bool {
        if alive.withLock({ $0.isEmpty }) { await checkIn() }
        let names = alive.withLock { $0.map(\.name) }
        guard names.contains(name) else { return true }
        return names.max { Self.draw($0, work) < Self.draw($1, work) } == name
    }

    private static func draw(_ replica: String, _ work: String) -> (UInt64, String) {
        (FNV1a64.hash("\(replica)\n\(work)".utf8), replica)
    }
}
