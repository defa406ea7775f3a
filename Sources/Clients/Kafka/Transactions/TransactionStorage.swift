import Concurrency
import Synchronization

/// The state that tasks and the transactional producer's thread share: the state machine behind a lock, and those who
/// wait.
final class TransactionStorage: Sendable {
    private struct State {
        var machine: TransactionStateMachine
        /// Set until the thread destroys it; wakes only happen under the lock, so never afterwards.
        var client: NativeClient?
        var starters: [UInt: Promise<Result<Void, KafkaError>>] = [:]
        var publishers: [UInt: Promise<Result<[KafkaDelivery], TransactionFailure>>] = [:]
        var closers: [Promise<Void>] = []
        var isEnded = false
    }

    private let state: Mutex<State>

    init(limits: TransactionLimits, client: NativeClient) {
        self.state = Mutex(State(machine: TransactionStateMachine(limits: limits), client: client))
    }

    // MARK: Tasks

    func start() async -> Result<Void, KafkaError> {
        let promise = Promise<Result<Void, KafkaError>>()
        let ticket = self.change { state in
            let ticket = state.machine.start(now: .now)
            state.starters[ticket] = promise
            return ticket
        }
        return await withTaskCancellationHandler {
            await promise.value()
        } onCancel: {
            self.change { $0.machine.cancelStart(ticket) }
        }
    }

    func publish(_ messages: [KafkaMessage]) async -> Result<[KafkaDelivery], TransactionFailure> {
        let promise = Promise<Result<[KafkaDelivery], TransactionFailure>>()
        let ticket = self.change { state in
            let ticket = state.machine.publish(messages)
            state.publishers[ticket] = promise
            return ticket
        }
        return await withTaskCancellationHandler {
            await promise.value()
        } onCancel: {
            self.change { $0.machine.cancelPublish(ticket, now: .now) }
        }
    }

    func requestClose() {
        self.change { $0.machine.close(now: .now) }
    }

    /// Awaits the end of the thread.
    func closed() async {
        let promise = Promise<Void>()
        self.state.withLock { state in
            if state.isEnded { promise.set(()) } else { state.closers.append(promise) }
        }
        await promise.value()
    }

    var phase: TransactionStateMachine.Phase { self.state.withLock { $0.machine.phase } }

    // MARK: The thread

    func next(now: ContinuousClock.Instant) -> TransactionStateMachine.Action {
        self.report { $0.next(now: now) }
    }

    /// Reports something that happened; does not wake the thread, which is the one that reports.
    @discardableResult
    func report<Value: Sendable>(_ body: (inout TransactionStateMachine) -> Value) -> Value {
        let (value, deliveries) = self.state.withLock { state in
            let value = body(&state.machine)
            return (value, TransactionStorage.deliveries(&state))
        }
        for deliver in deliveries { deliver() }
        return value
    }

    /// From here on no caller wakes the client, which `destroy` frees; then the callers that wait for the close are told.
    func finish(_ destroy: () -> Void) {
        self.state.withLock { $0.client = nil }
        destroy()
        let closers = self.state.withLock { state in
            state.isEnded = true
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.set(()) }
    }

    // MARK: Shared

    @discardableResult
    private func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        let (value, deliveries) = self.state.withLock { state in
            let value = body(&state)
            state.client?.wake()
            return (value, TransactionStorage.deliveries(&state))
        }
        for deliver in deliveries { deliver() }
        return value
    }

    private static func deliveries(_ state: inout State) -> [@Sendable () -> Void] {
        var deliveries: [@Sendable () -> Void] = []
        for reply in state.machine.takeReplies() {
            switch reply {
            case .started(let ticket, let outcome):
                guard let promise = state.starters.removeValue(forKey: ticket) else { continue }
                deliveries.append { promise.set(outcome) }
            case .published(let ticket, let outcome):
                guard let promise = state.publishers.removeValue(forKey: ticket) else { continue }
                deliveries.append { promise.set(outcome) }
            }
        }
        return deliveries
    }
}
