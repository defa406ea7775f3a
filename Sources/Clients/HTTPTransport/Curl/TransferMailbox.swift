import Synchronization

/// What tasks ask of the transfer thread. Bounded: too many unfinished transfers are refused at once.
final class TransferMailbox: Sendable {
    enum Command: Sendable {
        case start(Transfer)
        case cancel(UInt64)
    }

    private struct State {
        var commands: [Command] = []
        /// Of answers that callers have let go of.
        var returnedBytes = 0
        var lastID: UInt64 = 0
        var unfinished = 0
        var isClosed = false
        var isFinished = false
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let multi: MultiHandle
    private let maximumUnfinished: Int

    init(multi: MultiHandle, maximumUnfinished: Int) {
        self.multi = multi
        self.maximumUnfinished = maximumUnfinished
    }

    func nextID() -> UInt64 {
        state.withLock { state in
            state.lastID &+= 1
            return state.lastID
        }
    }

    /// Hands a transfer over, or says why not; then the caller resumes its continuation.
    func start(_ transfer: Transfer) -> HTTPError? {
        state.withLock { state in
            guard !state.isClosed else { return HTTPError(.closed, "\(transfer.request.name): the client is closed.") }
            guard state.unfinished < maximumUnfinished else {
                return HTTPError(
                    .overloaded,
                    "\(transfer.request.name): \(state.unfinished) requests are waiting already."
                )
            }
            state.unfinished += 1
            state.commands.append(.start(transfer))
            multi.wakeup()
            return nil
        }
    }

    func cancel(_ id: UInt64) {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.commands.append(.cancel(id))
            multi.wakeup()
        }
    }

    func giveBack(_ bytes: Int) {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.returnedBytes += bytes
            multi.wakeup()
        }
    }

    /// Lets the thread end; what is unfinished fails with `closed`.
    func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            multi.wakeup()
        }
    }

    /// Returns when the thread has ended.
    func waitUntilFinished() async {
        await withCheckedContinuation { continuation in
            let isFinished = state.withLock { state in
                if !state.isFinished { state.closers.append(continuation) }
                return state.isFinished
            }
            if isFinished { continuation.resume() }
        }
    }

    // MARK: The thread's side

    func drain() -> (commands: [Command], isClosed: Bool) {
        state.withLock { state in
            let commands = state.commands
            state.commands.removeAll(keepingCapacity: true)
            return (commands, state.isClosed)
        }
    }

    func drainReturnedBytes() -> Int {
        state.withLock { state in
            defer { state.returnedBytes = 0 }
            return state.returnedBytes
        }
    }

    func finishedTransfer() {
        state.withLock { $0.unfinished -= 1 }
    }

    func finish() {
        let closers = state.withLock { state in
            state.isClosed = true
            state.isFinished = true
            state.commands.removeAll()
            defer { state.closers.removeAll() }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }
}
