import Synchronization

/// Lets a bounded number of tasks through at a time, first come first served, until it is closed.
package final class AsyncSemaphore: Sendable {
    private struct State {
        var free: Int
        var isClosed = false
        var waiting: [UInt64: CheckedContinuation<Bool, Never>] = [:]
        var nextTicket: UInt64 = 0
        /// No ticket below this one waits.
        var firstTicket: UInt64 = 0

        mutating func popFirst() -> CheckedContinuation<Bool, Never>? {
            while firstTicket < nextTicket {
                let ticket = firstTicket
                firstTicket += 1
                if let continuation = waiting.removeValue(forKey: ticket) { return continuation }
            }
            return nil
        }
    }

    private let state: Mutex<State>

    package init(permits: Int) {
        state = Mutex(State(free: permits))
    }

    package var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Waits for a permit. False when the gate is closed or the task cancelled: there is no permit then.
    package func enter() async -> Bool {
        let ticket = state.withLock { state in
            defer { state.nextTicket += 1 }
            return state.nextTicket
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let entered: Bool? = state.withLock { state in
                    guard !state.isClosed, !Task.isCancelled else { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    state.waiting[ticket] = continuation
                    // Another ticket may have been served between drawing this one and waiting with it.
                    state.firstTicket = min(state.firstTicket, ticket)
                    return nil
                }
                if let entered { continuation.resume(returning: entered) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume(returning: false)
        }
    }

    /// Gives a permit back.
    package func leave() {
        let next = state.withLock { state in
            let next = state.popFirst()
            if next == nil { state.free += 1 }
            return next
        }
        next?.resume(returning: true)
    }

    /// Turns away every task that waits and every task that comes.
    package func close() {
        let turnedAway = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in turnedAway { continuation.resume(returning: false) }
    }
}
