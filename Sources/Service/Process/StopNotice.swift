package import Logging
import ServiceLifecycle

/// The last service of a process, and so the first that is stopped: says that no more requests are to be sent here, and
/// gives their senders time to learn of it.
///
/// From the signal on, the whole stop has `delay + grace`. Services still at work shortly before are cancelled; what has
/// not ended then is cut off by the ``Watchdog``, which loses nothing: all that is not done is in the store, or still on
/// its topic.
package struct StopNotice: Service {
    package let readiness: Readiness
    /// Until the listener closes.
    package let delay: Duration
    /// For everything that comes after.
    package let grace: Duration
    package let watchdog: Watchdog
    package let logger: Logger

    package init(readiness: Readiness, delay: Duration, grace: Duration, logger: Logger) {
        self.readiness = readiness
        self.delay = delay
        self.grace = grace
        self.logger = logger
        watchdog = Watchdog(limit: delay + grace, logger: logger)
    }

    /// When services are cancelled, counted from the signal: early enough to give leases back.
    package var cancellation: Duration { delay + grace - min(.seconds(3), grace / 4) }

    package func run() async throws {
        do { try await gracefulShutdown() } catch {
            // A service failed, and the others are cancelled: that must have an end as well.
            watchdog.stopBegins(code: 3)
            throw error
        }
        readiness.stop()
        watchdog.stopBegins()
        guard delay > .zero else { return }
        logger.info("stopping: not ready any more", metadata: ["delay": "\(delay)"])
        try await Task.sleep(for: delay)
    }
}
