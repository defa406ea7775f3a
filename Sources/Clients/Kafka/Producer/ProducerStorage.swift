import Concurrency
import Synchronization

/// What the sender of a message is told.
enum SendOutcome: Sendable {
    case settled(Result<KafkaDelivery, KafkaError>)
    case cancelled
}

/// The state that tasks and the producer's thread share: the state machine behind a lock, and those who wait.
final class ProducerStorage: Sendable {
    private struct State {
        var machine: ProducerStateMachine
        /// Unset while the thread replaces or has destroyed it; wakes only happen under the lock.
        var client: NativeClient?
        var senders: [UInt: Promise<SendOutcome>] = [:]
        var flushes: [UInt: Promise<Void>] = [:]
        var closers: [Promise<Void>] = []
        var isEnded = false
    }

    private let state: Mutex<State>

    init(maximumWaiting: Int, client: NativeClient) {
        self.state = Mutex(State(machine: ProducerStateMachine(maximumWaiting: maximumWaiting), client: client))
    }

    // MARK: Tasks

    func send(_ message: KafkaMessage) async -> SendOutcome {
        let promise = Promise<SendOutcome>()
        let accepted = self.state.withLock { state in
            let accepted = state.machine.send(message)
            if case .success(let ticket) = accepted {
                state.senders[ticket] = promise
                state.client?.wake()
            }
            return accepted
        }
        switch accepted {
        case .failure(let error): return .settled(.failure(error))
        case .success(let ticket):
            return await withTaskCancellationHandler {
                await promise.value()
            } onCancel: {
                self.report { $0.cancel(ticket) }
            }
        }
    }

    func flush(timeout: Duration) async {
        let promise = Promise<Void>()
        let deadline = ContinuousClock.now + timeout
        self.state.withLock { state in
            guard !state.isEnded else { return promise.set(()) }
            let (ticket, replies) = state.machine.flush(until: deadline)
            guard replies.isEmpty else { return promise.set(()) }
            state.flushes[ticket] = promise
            state.client?.wake()
        }
        await promise.value()
    }

    func requestClose(timeout: Duration) {
        let deadline = ContinuousClock.now + timeout
        self.state.withLock { state in
            state.machine.close(until: deadline)
            state.client?.wake()
        }
    }

    func closed() async {
        let promise = Promise<Void>()
        self.state.withLock { state in
            if state.isEnded { promise.set(()) } else { state.closers.append(promise) }
        }
        await promise.value()
    }

    var counts: (waiting: Int, inFlight: Int) {
        self.state.withLock { ($0.machine.waitingCount, $0.machine.inFlightCount) }
    }

    // MARK: The thread

    func step(now: ContinuousClock.Instant) -> (isFinished: Bool, wait: Duration) {
        let (step, deliveries) = self.state.withLock { state in
            let step = state.machine.step(now: now)
            return (step, ProducerStorage.deliveries(step.replies, &state))
        }
        for deliver in deliveries { deliver() }
        return (step.isFinished, step.deadline.map { max(.zero, now.duration(to: $0)) } ?? .seconds(1))
    }

    func next() -> (ticket: UInt, message: KafkaMessage)? {
        self.state.withLock { $0.machine.next() }
    }

    func putBack(_ ticket: UInt, _ message: KafkaMessage) {
        self.state.withLock { $0.machine.putBack(ticket, message) }
    }

    func report(_ body: (inout ProducerStateMachine) -> [ProducerStateMachine.Reply]) {
        let deliveries = self.state.withLock { state in
            let replies = body(&state.machine)
            return ProducerStorage.deliveries(replies, &state)
        }
        for deliver in deliveries { deliver() }
    }

    /// The client that tasks wake; `nil` before it is destroyed.
    func attach(_ client: NativeClient?) {
        self.state.withLock { $0.client = client }
    }

    /// For test support.
    func withClient(_ body: (NativeClient) -> Void) {
        self.state.withLock { state in
            if let client = state.client { body(client) }
        }
    }

    func finished() {
        let (closers, flushes) = self.state.withLock { state in
            defer {
                state.closers = []
                state.flushes = [:]
            }
            state.isEnded = true
            return (state.closers, state.flushes)
        }
        for flush in flushes.values { flush.set(()) }
        for closer in closers { closer.set(()) }
    }

    private static func deliveries(
        _ replies: [ProducerStateMachine.Reply],
        _ state: inout State
    ) -> [@Sendable () -> Void] {
        var deliveries: [@Sendable () -> Void] = []
        for reply in replies {
            switch reply {
            case .delivered(let ticket, let outcome):
                guard let promise = state.senders.removeValue(forKey: ticket) else { continue }
                deliveries.append { promise.set(.settled(outcome)) }
            case .cancelled(let ticket):
                guard let promise = state.senders.removeValue(forKey: ticket) else { continue }
                deliveries.append { promise.set(.cancelled) }
            case .flushed(let ticket):
                guard let promise = state.flushes.removeValue(forKey: ticket) else { continue }
                deliveries.append { promise.set(()) }
            }
        }
        return deliveries
    }
}
