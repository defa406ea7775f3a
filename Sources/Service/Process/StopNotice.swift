import Foundation
package import Logging
import ServiceLifecycle

/// The last service of a process, and so the first that is stopped: says that no more requests are to be sent here, and
/// gives their senders time to learn of it.
///
/// From the signal on, the whole stop has `delay + grace`. Services still at work shortly before are cancelled; what has
/// not ended then is cut off, which loses nothing: all that is not done is in the store, or still on its topic.
package struct StopNotice: Service {
    package let readiness: Readiness
    /// Until the listener closes.
    package let delay: Duration
    /// For everything that comes after.
    package let grace: Duration
    package let logger: Logger

    /// When services are cancelled, counted from the signal: early enough to give leases back.
    package var cancellation: Duration { delay + grace - min(.seconds(3), grace / 4) }

    package func run() async throws {
        try await gracefulShutdown()
        readiness.stop()
        cutOff(after: delay + grace)
        guard delay > .zero else { return }
        logger.info("stopping: not ready any more", metadata: ["delay": "\(delay)"])
        try await Task.sleep(for: delay)
    }

    /// Without a destructor or an exit handler, since threads of C libraries may be in the middle of something.
    private func cutOff(after limit: Duration) {
        Task.detached { [logger] in
            try await Task.sleep(for: limit)
            logger.warning("stopped at the end of the grace period; what is not delivered waits for the next start")
            _exit(0)
        }
    }
}
