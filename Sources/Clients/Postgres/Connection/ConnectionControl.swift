import DequeModule
import Glibc
import Synchronization

/// What a connection's thread and its callers share: the jobs, and the wish to cancel or to close.
final class ConnectionControl: Sendable {
    /// Jobs that may wait: a caller has one, unless it starts several at once.
    static let maximumWaiting = 256

    enum Step {
        case job(ConnectionJob)
        case close
        case wait
    }

    private struct State {
        var waiting: Deque<ConnectionJob> = []
        var running: ConnectionJob?
        var cancel: NativeCancel?
        var cancelledAt: ContinuousClock.Instant?
        var isCancelSent = false
        var isReusable = true
        var isClosing = false
        /// Set at the end: no job is taken any more.
        var end: PostgresError?
    }

    private let wakeUp = WakeUp()
    private let silenceLimit: Duration
    private let state = Mutex(State())

    init(silenceLimit: Duration) {
        self.silenceLimit = silenceLimit
    }

    /// False when the system had no pipe to give: then the thread would not notice a job.
    var isUsable: Bool { self.wakeUp.descriptor >= 0 }

    // MARK: For callers

    func submit(_ job: ConnectionJob) {
        let refusal: PostgresError? = self.state.withLock { state in
            if let end = state.end { return end }
            if state.isClosing { return .connectionClosed }
            if state.waiting.count >= Self.maximumWaiting {
                return PostgresError(
                    code: .poolExhausted,
                    message: "More than \(Self.maximumWaiting) statements wait for one Postgres connection."
                )
            }
            state.waiting.append(job)
            return nil
        }
        if let refusal { job.fail(refusal) } else { self.wakeUp.ring() }
    }

    /// Cancels a job that waits or runs; nothing happens when it is done.
    func cancel(_ job: ConnectionJob) {
        job.markCancelled()
        let (wasWaiting, cancel) = self.state.withLock { state in
            if let index = state.waiting.firstIndex(where: { $0 === job }) {
                state.waiting.remove(at: index)
                return (true, nil as NativeCancel?)
            }
            guard state.running === job, state.cancelledAt == nil else { return (false, nil) }
            state.cancelledAt = .now
            return (false, state.cancel)
        }
        if wasWaiting { job.fail(.cancelled) }
        guard let cancel else { return }
        // The thread's deadline has changed.
        self.wakeUp.ring()
        Canceller.shared.cancel(cancel) { [self] in
            self.state.withLock { $0.isCancelSent = true }
            self.wakeUp.ring()
        }
    }

    func close() {
        self.state.withLock { $0.isClosing = true }
        self.wakeUp.ring()
    }

    /// Nothing runs or waits, no transaction is open, and the connection is alive.
    var isReusable: Bool {
        self.state.withLock { $0.isReusable && $0.end == nil && $0.running == nil && $0.waiting.isEmpty }
    }

    // MARK: For the thread

    func begin(cancel: NativeCancel?) {
        self.state.withLock { $0.cancel = cancel }
    }

    func next() -> Step {
        self.state.withLock { state in
            if let job = state.waiting.popFirst() {
                state.running = job
                return .job(job)
            }
            return state.isClosing ? .close : .wait
        }
    }

    /// The running job is done, and so is its cancellation.
    func finished(isReusable: Bool) {
        self.state.withLock { state in
            state.running = nil
            state.cancelledAt = nil
            state.isCancelSent = false
            state.isReusable = isReusable
        }
    }

    func ended(_ error: PostgresError) {
        let waiting = self.state.withLock { state in
            state.end = error
            state.cancel = nil
            defer { state.waiting = [] }
            return state.waiting
        }
        for job in waiting { job.fail(error) }
    }

    var isCancelled: Bool { self.state.withLock { $0.cancelledAt != nil } }

    var isCancelSent: Bool { self.state.withLock { $0.isCancelSent } }

    /// When a connection is given up whose statement was cancelled and does not end.
    var cancellationDeadline: ContinuousClock.Instant? {
        self.state.withLock { $0.cancelledAt.map { $0 + self.silenceLimit } }
    }

    /// Waits for the socket or a wake-up.
    ///
    /// - Parameter socket: -1 for a wake-up only.
    /// - Returns: whether the socket is ready; nil when nothing came until the deadline.
    func wait(socket: Int32, writing: Bool, until deadline: ContinuousClock.Instant?) -> Bool? {
        var descriptors = [
            pollfd(fd: self.wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket, events: Int16(POLLIN | (writing ? POLLOUT : 0)), revents: 0),
        ]
        while true {
            var timeout: Int32 = -1
            if let deadline {
                let rest = ContinuousClock.now.duration(to: deadline)
                guard rest > .zero else { return nil }
                // Rounded up, so that this does not turn around in the last millisecond.
                timeout = Int32(clamping: rest.wholeMilliseconds + 1)
            }
            let count = poll(&descriptors, nfds_t(descriptors.count), timeout)
            if count < 0, errno == EINTR { continue }
            if count == 0 { continue }
            // An error of poll itself shows when the socket is used.
            guard count > 0 else { return true }
            if descriptors[0].revents != 0 { self.wakeUp.silence() }
            return descriptors[1].revents != 0
        }
    }
}
