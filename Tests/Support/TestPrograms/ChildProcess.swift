package import Foundation
import Glibc
import Synchronization

/// A program that runs beside a test, and is ended with the object. Its output is dropped.
package final class ChildProcess: Sendable {
    /// What the thread that waits for the end knows; it must not keep the object itself.
    private final class Life: Sendable {
        enum State {
            case running([CheckedContinuation<Void, Never>])
            case ended
        }

        let id: pid_t
        let state = Mutex(State.running([]))

        init(id: pid_t) {
            self.id = id
        }

        func waitForEnd() {
            // Until it has been waited for, which is done under the lock, its id is no other's.
            var information = siginfo_t()
            while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
            let waiting: [CheckedContinuation<Void, Never>] = state.withLock { state in
                _ = Spawn.waitForEnd(of: id)
                defer { state = .ended }
                return if case .running(let waiting) = state { waiting } else { [] }
            }
            waiting.forEach { $0.resume() }
        }

        func terminate() {
            state.withLock { if case .running = $0 { _ = kill(id, SIGTERM) } }
        }
    }

    private let life: Life

    package init(_ path: String, _ arguments: [String], in folder: URL) throws {
        let life = Life(id: try Spawn.start(path, arguments, in: folder))
        self.life = life
        Thread.detachNewThread { life.waitForEnd() }
    }

    deinit {
        life.terminate()
    }

    /// Ends the program, and returns when it has ended.
    package func stop() async {
        life.terminate()
        await withCheckedContinuation { continuation in
            let hasEnded = life.state.withLock { state in
                guard case .running(let waiting) = state else { return true }
                state = .running(waiting + [continuation])
                return false
            }
            if hasEnded { continuation.resume() }
        }
    }
}
