import DequeModule

/// Which connection goes to whom: a value that is told what happens and answers what is to be done.
///
/// Callers are served in the order in which they came; of several idle connections the one used last goes first, so
/// that the others may age. While the server cannot be reached, there is one attempt at a time, with growing pauses.
struct PoolStateMachine {
    typealias Instant = ContinuousClock.Instant
    typealias ConnectionID = UInt64
    typealias WaiterID = UInt64

    enum Action: Equatable {
        case connect(ConnectionID)
        /// Ask the server whether the connection still works, and report with `checked`.
        case check(ConnectionID)
        case grant(WaiterID, ConnectionID)
        case refuse(WaiterID, Refusal)
        /// Close it, and report with `ended`.
        case close(ConnectionID)
        /// Call `retry` at that time.
        case retry(at: Instant)
        /// All is closed.
        case drained
    }

    enum Refusal: Equatable {
        case closed
        case tooManyWaiting
    }

    private enum Connection {
        case connecting
        case idle(since: Instant)
        /// The waiter is nil when it has left meanwhile.
        case checking(WaiterID?)
        case leased
        /// Ended while it was leased.
        case broken
        case closing
    }

    private let limits: PostgresPoolLimits
    private var connections: [ConnectionID: Connection] = [:]
    private var expiries: [ConnectionID: Instant] = [:]
    /// The one used last is last.
    private var idle: [ConnectionID] = []
    private var waiting: Deque<WaiterID> = []
    private var connectionIDs: ConnectionID = 0
    private(set) var failures = 0
    private var retryAt: Instant?
    private var isRetryScheduled = false
    private var isClosed = false

    init(limits: PostgresPoolLimits) {
        self.limits = limits
    }

    var statistics: PostgresPoolStatistics {
        var statistics = PostgresPoolStatistics()
        statistics.idle = self.idle.count
        statistics.waiting = self.waiting.count
        statistics.failedAttempts = self.failures
        for case let connection in self.connections.values {
            switch connection {
            case .leased, .broken, .checking: statistics.leased += 1
            case .connecting: statistics.connecting += 1
            case .idle, .closing: break
            }
        }
        return statistics
    }

    // MARK: Callers

    mutating func acquire(_ waiter: WaiterID, now: Instant) -> [Action] {
        guard !self.isClosed else { return [.refuse(waiter, .closed)] }
        self.waiting.append(waiter)
        let actions = self.serve(now: now)
        guard self.waiting.count > self.limits.maximumWaiting, self.waiting.last == waiter else { return actions }
        self.waiting.removeLast()
        return actions + [.refuse(waiter, .tooManyWaiting)]
    }

    /// A caller no longer waits; false when it was served already.
    mutating func abandon(_ waiter: WaiterID) -> Bool {
        if let index = self.waiting.firstIndex(of: waiter) {
            self.waiting.remove(at: index)
            return true
        }
        for (id, connection) in self.connections {
            guard case .checking(let holder) = connection, holder == waiter else { continue }
            self.connections[id] = .checking(nil)
            return true
        }
        return false
    }

    /// - Parameter isReusable: it is alive, and nothing of its last use is left on it.
    mutating func release(_ id: ConnectionID, isReusable: Bool, now: Instant) -> [Action] {
        switch self.connections[id] {
        case .leased: break
        case .broken: return self.remove(id, now: now)
        default: return []
        }
        guard isReusable, !self.isClosed, !self.isExpired(id, now: now) else { return self.close(id) }
        self.makeIdle(id, now: now)
        return self.serve(now: now)
    }

    // MARK: Connections

    /// - Parameter jitter: 0 to 1.
    mutating func connected(_ id: ConnectionID, now: Instant, jitter: Double) -> [Action] {
        guard case .connecting = self.connections[id] else { return [] }
        self.failures = 0
        self.retryAt = nil
        // Not all at once: those made together would end together.
        self.expiries[id] = now + self.limits.maximumLifetime * (0.8 + 0.2 * jitter)
        guard !self.isClosed else { return self.close(id) }
        self.makeIdle(id, now: now)
        return self.serve(now: now)
    }

    /// - Parameter jitter: 0 to 1.
    mutating func connectFailed(_ id: ConnectionID, now: Instant, jitter: Double) -> [Action] {
        guard case .connecting = self.connections[id] else { return [] }
        self.failures += 1
        let ceiling = min(self.limits.maximumPause, self.limits.minimumPause * (1 << min(self.failures - 1, 16)))
        self.retryAt = now + ceiling * (0.5 + 0.5 * jitter)
        return self.remove(id, now: now)
    }

    mutating func retry(now: Instant) -> [Action] {
        self.isRetryScheduled = false
        return self.serve(now: now)
    }

    mutating func checked(_ id: ConnectionID, isHealthy: Bool, now: Instant) -> [Action] {
        guard case .checking(let waiter) = self.connections[id] else { return [] }
        guard isHealthy, !self.isClosed else {
            if let waiter { self.waiting.prepend(waiter) }
            let refusals = self.isClosed ? self.refuseAll() : []
            return self.close(id) + refusals + self.serve(now: now)
        }
        if let waiter {
            self.connections[id] = .leased
            return [.grant(waiter, id)]
        }
        self.makeIdle(id, now: now)
        return self.serve(now: now)
    }

    /// The connection is closed, by this process or by the server.
    mutating func ended(_ id: ConnectionID, now: Instant) -> [Action] {
        switch self.connections[id] {
        case .leased:
            self.connections[id] = .broken
            return []
        case .checking(let waiter):
            if let waiter { self.waiting.prepend(waiter) }
            return self.remove(id, now: now)
        default:
            return self.remove(id, now: now)
        }
    }

    mutating func close() -> [Action] {
        guard !self.isClosed else { return [] }
        self.isClosed = true
        var actions = self.refuseAll()
        for id in self.idle { actions += self.close(id) }
        if self.connections.isEmpty { actions.append(.drained) }
        return actions
    }

    // MARK: Parts

    private mutating func serve(now: Instant) -> [Action] {
        guard !self.isClosed else { return [] }
        var actions: [Action] = []
        while let waiter = self.waiting.first, let id = self.idle.last {
            guard !self.isExpired(id, now: now), case .idle(let since) = self.connections[id] else {
                actions += self.close(id)
                continue
            }
            self.idle.removeLast()
            self.waiting.removeFirst()
            if since + self.limits.checkAfterIdle <= now {
                self.connections[id] = .checking(waiter)
                actions.append(.check(id))
            } else {
                self.connections[id] = .leased
                actions.append(.grant(waiter, id))
            }
        }
        return actions + self.connectMore(now: now)
    }

    private mutating func connectMore(now: Instant) -> [Action] {
        var actions: [Action] = []
        while true {
            let connecting = self.connections.values.count { if case .connecting = $0 { true } else { false } }
            guard connecting < self.waiting.count, self.connections.count < self.limits.maximumConnections else {
                return actions
            }
            if self.failures > 0 {
                guard connecting == 0 else { return actions }
                if let retryAt = self.retryAt, retryAt > now {
                    guard !self.isRetryScheduled else { return actions }
                    self.isRetryScheduled = true
                    return actions + [.retry(at: retryAt)]
                }
            }
            self.connectionIDs += 1
            self.connections[self.connectionIDs] = .connecting
            actions.append(.connect(self.connectionIDs))
        }
    }

    private mutating func makeIdle(_ id: ConnectionID, now: Instant) {
        self.connections[id] = .idle(since: now)
        self.idle.append(id)
    }

    private mutating func close(_ id: ConnectionID) -> [Action] {
        self.idle.removeAll { $0 == id }
        self.connections[id] = .closing
        return [.close(id)]
    }

    private mutating func remove(_ id: ConnectionID, now: Instant) -> [Action] {
        self.idle.removeAll { $0 == id }
        self.expiries[id] = nil
        guard self.connections.removeValue(forKey: id) != nil else { return [] }
        guard !self.isClosed else { return self.refuseAll() + (self.connections.isEmpty ? [.drained] : []) }
        return self.serve(now: now)
    }

    private mutating func refuseAll() -> [Action] {
        defer { self.waiting = [] }
        return self.waiting.map { .refuse($0, .closed) }
    }

    private func isExpired(_ id: ConnectionID, now: Instant) -> Bool {
        self.expiries[id].map { $0 <= now } ?? false
    }
}
