import Concurrency
import Glibc
import Synchronization

/// Cancels statements, one after the other, on a thread that lives while there is something to cancel.
final class Canceller: Sendable {
    static let shared = Canceller()

    private struct State {
        var requests: [(cancel: NativeCancel, done: @Sendable () -> Void)] = []
        var isRunning = false
    }

    private let state = Mutex(State())

    /// `done` is called when the server has been told, or could not be told.
    func cancel(_ cancel: NativeCancel, done: @escaping @Sendable () -> Void) {
        let starts = self.state.withLock { state in
            state.requests.append((cancel, done))
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard starts, !OSThread.start({ [self] in self.run() }) else { return }
        // No thread: the server is not told, and the connections are given up after the limit of silence.
        let abandoned = self.state.withLock { state in
            defer { state = State() }
            return state.requests
        }
        for request in abandoned { request.done() }
    }

    private func run() {
        while true {
            let request = self.state.withLock { state in
                if state.requests.isEmpty {
                    state.isRunning = false
                    return nil as (cancel: NativeCancel, done: @Sendable () -> Void)?
                }
                return state.requests.removeFirst()
            }
            guard let request else { return }
            request.cancel.request()
            request.done()
        }
    }
}
