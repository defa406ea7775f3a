import Concurrency
import Synchronization

@testable import Rollout

/// Collects values and lets a test wait until there are enough of them.
final class Collector<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])
    private let arrivals = AsyncSemaphore(permits: 0)

    var all: [Value] { values.withLock { $0 } }

    func add(_ value: Value) {
        values.withLock { $0.append(value) }
        arrivals.leave()
    }

    /// Waits for `count` values more than were waited for so far; returns all.
    @discardableResult
    func wait(for count: Int) async -> [Value] {
        for _ in 0..<count { _ = await arrivals.enter() }
        return all
    }
}
