import Concurrency
import HTTPTransport
import Synchronization

/// Time that passes only when a task sleeps.
final class ManualTime: Sendable {
    private let state: Mutex<[Duration]> = Mutex([])
    private let draw: Double
    private let unixSeconds: Int64

    init(draw: Double = 0, unixSeconds: Int64 = 784_111_777) {
        self.draw = draw
        self.unixSeconds = unixSeconds
    }

    var sleeps: [Duration] { state.withLock { $0 } }

    var environment: RetryEnvironment {
        RetryEnvironment(
            sleep: { duration in
                try Task.checkCancellation()
                self.state.withLock { $0.append(duration) }
            },
            random: { self.draw },
            elapsed: { self.sleeps.reduce(.zero, +) },
            unixSeconds: { self.unixSeconds }
        )
    }
}
