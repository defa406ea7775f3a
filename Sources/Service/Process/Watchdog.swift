package import Concurrency
import Dispatch
import Foundation
package import Logging
import Synchronization

/// Sees to it, on a thread of its own, that a process which is told to stop has ended within its time, whatever it waits
/// for, and says in the log when a loop stands still (which `/livez` says too).
///
/// It needs no thread of Swift's pool: those may be what is stuck.
package final class Watchdog: Sendable {
    private let limit: Duration
    private let pulses: HeartbeatRegister
    private let logger: Logger
    private let end: @Sendable (Int32) -> Void
    /// When the process must have ended, and with which exit code; nil until it is told to stop.
    private let signals = Mutex<[any DispatchSourceSignal]>([])
    private let deadline = Mutex<(time: ContinuousClock.Instant, code: Int32)?>(nil)

    /// - Parameters:
    ///   - limit: from the signal to the end of the process.
    ///   - end: ends the process with an exit code; without a destructor or an exit handler, since threads may be in the middle of something.
    package init(
        limit: Duration,
        pulses: HeartbeatRegister = .process,
        logger: Logger,
        end: @escaping @Sendable (Int32) -> Void = { code in
            StandardError.flush()
            _exit(code)
        }
    ) {
        self.limit = limit
        self.pulses = pulses
        self.logger = logger
        self.end = end
    }

    /// From here on these signals begin the time. Others hear of them as well.
    package func start(signals numbers: [Int32] = [SIGTERM, SIGINT]) {
        for number in numbers {
            signals.withLock { signals in
                // A serial queue of its own has a thread when it needs one, whatever the others do.
                let source = DispatchSource.makeSignalSource(signal: number, queue: DispatchQueue(label: "watchdog"))
                source.setEventHandler { self.stopBegins() }
                source.activate()
                signals.append(source)
            }
        }
        guard !OSThread.start({ self.watch() }) else { return }
        logger.warning("no thread for the watchdog: a stop takes as long as what the process waits for")
    }

    /// The time begins, unless it has begun.
    package func stopBegins(code: Int32 = 0) {
        deadline.withLock { $0 = $0 ?? (ContinuousClock.now + limit, code) }
    }

    private func watch() {
        var known: [String] = []
        while true {
            let now = ContinuousClock.now
            if let deadline = deadline.withLock({ $0 }), deadline.time <= now { return cutOff(deadline.code) }
            let stalled = pulses.stalled(at: now)
            if stalled != known {
                if stalled.isEmpty {
                    logger.warning("every loop goes round again")
                } else {
                    logger.critical(
                        "a loop stands still; only a restart mends it",
                        metadata: ["loops": "\(stalled.joined(separator: ", "))"]
                    )
                }
                known = stalled
            }
            usleep(100_000)
        }
    }

    private func cutOff(_ code: Int32) {
        logger.warning("stopped at the end of the grace period; what is not delivered waits for the next start")
        end(code)
    }
}
