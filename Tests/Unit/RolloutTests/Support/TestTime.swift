import Concurrency
import HTTPTransport
import Synchronization

@testable import Rollout

/// Simulated time: a pause takes no time and moves the clock, unless pauses are held.
final class TestTime: Sendable {
    private let clock = Mutex(Duration.zero)
    private let held: AsyncSemaphore?
    let pauses = Collector<Duration>()

    /// - Parameter held: when given, every pause waits for a permit.
    init(held: AsyncSemaphore? = nil) {
        self.held = held
    }

    var environment: RetryEnvironment {
        RetryEnvironment(
            sleep: { duration in
                self.pauses.add(duration)
                if let held = self.held, await !held.enter() { throw CancellationError() }
                self.clock.withLock { $0 += duration }
            },
            random: { 1 },
            elapsed: { self.clock.withLock { $0 } },
            unixSeconds: { 1_790_000_000 }
        )
    }
}
