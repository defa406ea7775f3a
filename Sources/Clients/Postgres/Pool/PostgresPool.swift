import Concurrency
package import Logging
import Synchronization

/// Connections to one server, made when needed and lent one at a time.
package final class PostgresPool: Sendable {
    typealias ConnectionID = PoolStateMachine.ConnectionID
    typealias WaiterID = PoolStateMachine.WaiterID
    private typealias Grant = Result<(id: ConnectionID, thread: ConnectionThread), PostgresError>

    private struct State {
        var machine: PoolStateMachine
        var waiters: [WaiterID: Promise<Grant>] = [:]
        var threads: [ConnectionID: ConnectionThread] = [:]
        var waiterIDs: WaiterID = 0
        var lastFailure: PostgresError?
    }

    private let configuration: PostgresConfiguration
    private let limits: PostgresPoolLimits
    private let logger: Logger
    private let state: Mutex<State>
    private let drained = Promise<Void>()

    /// Connects to nothing yet.
    package init(configuration: PostgresConfiguration, limits: PostgresPoolLimits = .init(), logger: Logger) {
        self.configuration = configuration
        self.limits = limits
        self.logger = logger
        self.state = Mutex(State(machine: PoolStateMachine(limits: limits)))
    }

    package var statistics: PostgresPoolStatistics { self.state.withLock { $0.machine.statistics } }

    /// Lends a connection to `body`, which must not keep it.
    ///
    /// A transaction that `body` begins and does not end is rolled back with its connection. Throws what `body` throws,
    /// and `.poolTimedOut`, `.poolExhausted`, `.closed`, `.cancelled`, or why no connection can be made when the time
    /// to wait has passed.
    @discardableResult
    package func withConnection<Value: Sendable>(
        _ body: @Sendable (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        let (id, thread) = try await self.acquire()
        let lease = Lease()
        defer {
            lease.end()
            let isReusable = thread.isReusable
            self.perform { $0.machine.release(id, isReusable: isReusable, now: .now) }
        }
        return try await body(PostgresConnection(thread: thread, lease: lease))
    }

    /// Refuses new callers and those that wait, and returns when all connections are given back and closed.
    package func close() async {
        self.perform { $0.machine.close() }
        await self.drained.value()
    }

    // MARK: Waiting

    private func acquire() async throws(PostgresError) -> (id: ConnectionID, thread: ConnectionThread) {
        let promise = Promise<Grant>()
        let waiter = self.state.withLock { state in
            state.waiterIDs += 1
            state.waiters[state.waiterIDs] = promise
            return state.waiterIDs
        }
        self.perform { $0.machine.acquire(waiter, now: .now) }
        if promise.isSet { return try await promise.value().get() }
        let timer = Task {
            try await Task.sleep(for: self.limits.acquireTimeout)
            self.abandon(waiter) { self.timedOut(after: $0) }
        }
        defer { timer.cancel() }
        return try await withTaskCancellationHandler {
            await promise.value()
        } onCancel: {
            self.abandon(waiter) { _ in .cancelled }
        }.get()
    }

    private func abandon(_ waiter: WaiterID, _ reason: (PostgresError?) -> PostgresError) {
        let (promise, failure) = self.state.withLock { state in
            guard state.machine.abandon(waiter) else { return (nil as Promise<Grant>?, nil as PostgresError?) }
            return (state.waiters.removeValue(forKey: waiter), state.lastFailure)
        }
        promise?.set(.failure(reason(failure)))
    }

    private func timedOut(after failure: PostgresError?) -> PostgresError {
        if let failure { return failure }
        return PostgresError(
            code: .poolTimedOut,
            message: "None of \(self.limits.maximumConnections) Postgres connections came free in time."
        )
    }

    // MARK: Actions

    /// Tells the machine what happened, and does what it answers when the lock is free again.
    private func perform(_ event: (inout State) -> [PoolStateMachine.Action]) {
        let work = self.state.withLock { state in
            event(&state).compactMap { self.work(for: $0, &state) }
        }
        for item in work { item() }
    }

    private func work(for action: PoolStateMachine.Action, _ state: inout State) -> (() -> Void)? {
        switch action {
        case .connect(let id):
            let thread = ConnectionThread(configuration: self.configuration, logger: self.logger)
            state.threads[id] = thread
            return { self.connect(id, thread) }
        case .check(let id):
            guard let thread = state.threads[id] else { return nil }
            return { self.check(id, thread) }
        case .grant(let waiter, let id):
            guard let promise = state.waiters.removeValue(forKey: waiter), let thread = state.threads[id] else {
                return nil
            }
            return { promise.set(.success((id, thread))) }
        case .refuse(let waiter, let refusal):
            guard let promise = state.waiters.removeValue(forKey: waiter) else { return nil }
            return { promise.set(.failure(self.error(of: refusal))) }
        case .close(let id):
            guard let thread = state.threads[id] else { return nil }
            return { thread.close() }
        case .retry(let instant):
            return {
                Task {
                    try? await Task.sleep(until: instant, clock: .continuous)
                    self.perform { $0.machine.retry(now: .now) }
                }
            }
        case .drained:
            return { self.drained.set(()) }
        }
    }

    private func connect(_ id: ConnectionID, _ thread: ConnectionThread) {
        thread.start { failure in
            if let failure {
                self.logger.warning("no connection to Postgres could be made", metadata: ["error": "\(failure)"])
            }
            self.perform { state in
                let jitter = Double.random(in: 0...1)
                state.lastFailure = failure
                guard failure == nil else {
                    state.threads[id] = nil
                    return state.machine.connectFailed(id, now: .now, jitter: jitter)
                }
                return state.machine.connected(id, now: .now, jitter: jitter)
            }
        } ended: {
            self.perform { state in
                state.threads[id] = nil
                return state.machine.ended(id, now: .now)
            }
        }
    }

    private func check(_ id: ConnectionID, _ thread: ConnectionThread) {
        Task {
            let isHealthy: Bool
            do {
                try await thread.runToEnd { native throws(PostgresError) in try native.ping() }
                isHealthy = thread.isReusable
            } catch {
                isHealthy = false
            }
            self.perform { $0.machine.checked(id, isHealthy: isHealthy, now: .now) }
        }
    }

    private func error(of refusal: PoolStateMachine.Refusal) -> PostgresError {
        switch refusal {
        case .closed: .poolClosed
        case .tooManyWaiting:
            PostgresError(
                code: .poolExhausted,
                message: "More than \(self.limits.maximumWaiting) callers wait for a Postgres connection."
            )
        }
    }
}
