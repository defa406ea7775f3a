import Synchronization

/// When a loop last went round.
package final class Heartbeat: Sendable {
    package let name: String
    /// How long it may stand still.
    fileprivate let limit: Duration
    private let last: Mutex<ContinuousClock.Instant>

    fileprivate init(_ name: String, limit: Duration, at now: ContinuousClock.Instant) {
        self.name = name
        self.limit = limit
        last = Mutex(now)
    }

    package func beat(at now: ContinuousClock.Instant = .now) {
        last.withLock { $0 = now }
    }

    fileprivate func age(at now: ContinuousClock.Instant) -> Duration {
        last.withLock { $0.duration(to: now) }
    }
}

/// The loops of a process that must go round: one that doesn't is stuck for good, which only a restart mends.
package final class HeartbeatRegister: Sendable {
    package static let process = HeartbeatRegister()

    /// For threads: none waits longer than ten seconds at a time, and no call of one takes nearly as long as this.
    package static let limit = Duration.seconds(60)
    /// For tasks that ask the store: its calls have time limits of their own, and in an outage one round makes several.
    package static let taskLimit = Duration.seconds(300)

    private let heartbeats = Mutex<[ObjectIdentifier: Heartbeat]>([:])

    package init() {}

    package func add(
        _ name: String,
        limit: Duration = HeartbeatRegister.limit,
        at now: ContinuousClock.Instant = .now
    ) -> Heartbeat {
        let heartbeat = Heartbeat(name, limit: limit, at: now)
        heartbeats.withLock { $0[ObjectIdentifier(heartbeat)] = heartbeat }
        return heartbeat
    }

    package func remove(_ heartbeat: Heartbeat) {
        _ = heartbeats.withLock { $0.removeValue(forKey: ObjectIdentifier(heartbeat)) }
    }

    /// The names of the loops that have not gone round for longer than their limits.
    package func stalled(at now: ContinuousClock.Instant = .now) -> [String] {
        heartbeats.withLock { Array($0.values) }.filter { $0.age(at: now) > $0.limit }.map(\.name).sorted()
    }
}
