import Concurrency
import Dispatch
import Glibc
import Synchronization

/// Writes lines to a descriptor on a thread of its own, so that a reader that stalls, a full disk or a closed pipe costs
/// lines and nothing else.
package final class LogWriter: Sendable {
    private struct State {
        var queue = LogQueue()
        var isStarted = false
        /// The thread is at work, or has been told to be.
        var isBusy = false
        var notice: @Sendable (Int) -> String = { "\($0) log lines were dropped\n" }
    }

    private let descriptor: Int32
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)

    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Lines that were dropped since the start: because there was no room for them, and because writing failed.
    package var dropped: (full: Int, failed: Int) {
        let dropped = state.withLock { $0.queue.dropped }
        return (dropped.full, dropped.failed)
    }

    /// From here on lines are written by a thread, and `write` does not wait.
    ///
    /// - Parameter notice: makes the line that tells of so many dropped ones.
    package func start(notice: @escaping @Sendable (Int) -> String) {
        let isFirst = state.withLock { state in
            state.notice = notice
            defer { state.isStarted = true }
            return !state.isStarted
        }
        guard isFirst, !OSThread.start({ [self] in run() }) else { return }
        // Without a thread lines are written where they are made.
        state.withLock { $0.isStarted = false }
    }

    /// - Parameter line: ends with a line feed.
    package func write(_ line: String) {
        let (isStarted, mustWake) = state.withLock { state in
            guard state.isStarted else { return (false, false) }
            state.queue.add(line.utf8)
            defer { state.isBusy = true }
            return (true, !state.isBusy)
        }
        if mustWake { wake.signal() }
        if !isStarted { _ = Self.write(Array(line.utf8), to: descriptor) }
    }

    /// Blocks until everything is written, but no longer than the limit: for the end of the process.
    package func flush(within limit: Duration) {
        let deadline = ContinuousClock.now + limit
        while state.withLock({ $0.isStarted && $0.isBusy }), ContinuousClock.now < deadline { usleep(1000) }
    }

    // MARK: - The thread

    private func run() {
        while true {
            wake.wait()
            while let taken = next() {
                let count = Self.write(taken, to: descriptor)
                state.withLock { state in
                    if count == taken.count { state.queue.written() } else { state.queue.failed(taken, after: count) }
                }
            }
        }
    }

    private func next() -> [UInt8]? {
        state.withLock { state in
            let taken = state.queue.take(notice: state.notice)
            state.isBusy = taken != nil
            return taken
        }
    }

    /// How many of the bytes could be written. A descriptor that never blocks is waited for.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                done += count
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&wanted, 1, 1000)
            default: return done
            }
        }
        return done
    }
}
