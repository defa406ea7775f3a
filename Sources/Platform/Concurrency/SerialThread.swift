import DequeModule
import Synchronization

/// A thread of its own for work that computes for long: one piece at a time, first come first served. The threads of
/// Swift's pool, one a processor, stay free for everything else.
///
/// The thread is started with the first piece and ends when nothing waits.
package final class SerialThread: Sendable {
    /// As much as a thread of Swift's pool has: readers of nested text call themselves.
    private static let stackBytes = 8 << 20

    private struct State {
        var waiting: Deque<@Sendable () -> Void> = []
        var isRunning = false
    }

    private let state = Mutex(State())

    package init() {}

    package func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        let promise = Promise<Value>()
        let mustStart = state.withLock { state in
            state.waiting.append { promise.set(body()) }
            defer { state.isRunning = true }
            return !state.isRunning
        }
        // Where the system has no thread left, the caller's does the work.
        if mustStart, !OSThread.start(stackBytes: Self.stackBytes, { self.work() }) { work() }
        return await promise.value()
    }

    private func work() {
        while let next = next() { next() }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            let next = state.waiting.popFirst()
            if next == nil { state.isRunning = false }
            return next
        }
    }
}
