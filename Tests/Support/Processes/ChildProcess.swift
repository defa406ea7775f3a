import Foundation
import Glibc
import Synchronization

/// A started process. Its end is waited for on a thread of its own, as `waitpid` blocks.
package final class ChildProcess: Sendable {
    private enum State {
        case running([CheckedContinuation<ChildExit, Never>])
        case ended(ChildExit)
    }

    package let command: ChildCommand
    package let id: Int32
    private let state = Mutex(State.running([]))

    init(_ command: ChildCommand, id: pid_t) {
        self.command = command
        self.id = id
        Thread.detachNewThread { [self] in waitForEnd() }
    }

    /// Nil while it runs.
    package var exit: ChildExit? {
        state.withLock { if case .ended(let exit) = $0 { exit } else { nil } }
    }

    /// Waits for the end, whether or not the task is cancelled.
    package func waitUntilExit() async -> ChildExit {
        await withCheckedContinuation { continuation in
            let exit: ChildExit? = state.withLock { state in
                switch state {
                case .ended(let exit): return exit
                case .running(let waiting):
                    state = .running(waiting + [continuation])
                    return nil
                }
            }
            if let exit { continuation.resume(returning: exit) }
        }
    }

    /// Sends a signal; nothing happens when the process has ended.
    package func send(signal: Int32) {
        // Under the lock: an id that has been waited for may already be another process'.
        state.withLock { state in
            if case .running = state { _ = kill(id, signal) }
        }
    }

    private func waitForEnd() {
        var information = siginfo_t()
        while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        let (exit, waiting) = state.withLock { state in
            var status: Int32 = 0
            while waitpid(id, &status, 0) < 0, errno == EINTR {}
            let exit: ChildExit = status & 0x7F == 0 ? .code((status >> 8) & 0xFF) : .signal(status & 0x7F)
            let waiting =
                if case .running(let waiting) = state { waiting } else { [CheckedContinuation<ChildExit, Never>]() }
            state = .ended(exit)
            return (exit, waiting)
        }
        waiting.forEach { $0.resume(returning: exit) }
    }
}
