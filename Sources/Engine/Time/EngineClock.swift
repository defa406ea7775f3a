package import Analysis
import Foundation
import Synchronization

/// Where the engine's time comes from; a parameter, so that it can run under simulated time.
package protocol EngineClock: Sendable {
    func now() -> Timestamp

    /// Returns when `time` has come; throws `CancellationError` when the task is cancelled.
    func sleep(until time: Timestamp) async throws
}

/// Wall-clock time.
package struct SystemClock: EngineClock {
    package init() {}

    package func now() -> Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
    }

    package func sleep(until time: Timestamp) async throws {
        let duration = time.since(now())
        if duration > .zero { try await Task.sleep(for: duration) }
    }
}

/// Time that stands still until it is moved.
package final class ManualClock: EngineClock {
    private struct Sleeper {
        var until: Timestamp
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Timestamp
        var sleepers: [Int: Sleeper] = [:]
        var nextID = 0
    }

    private let state: Mutex<State>

    package init(_ now: Timestamp) {
        state = Mutex(State(now: now))
    }

    package func now() -> Timestamp { state.withLock { $0.now } }

    /// Moves time on and wakes the tasks that sleep until then.
    package func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now + duration
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.until < $1.until }
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    package func sleep(until time: Timestamp) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let resumeNow: Result<Void, any Error>? = state.withLock { state in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if time <= state.now { return .success(()) }
                    state.sleepers[id] = Sleeper(until: time, continuation: continuation)
                    return nil
                }
                if let resumeNow { continuation.resume(with: resumeNow) }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
