import Synchronization

/// A value that one side sets once and the other awaits: the bridge from a thread to Swift tasks.
///
/// Setting and awaiting may happen in either order. The first value wins; later ones are ignored, so that a
/// cancellation and a result can race without harm.
package final class Promise<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case awaited([CheckedContinuation<Value, Never>])
        case set(Value)
    }

    private let state = Mutex(State.empty)

    package init() {}

    package var isSet: Bool {
        self.state.withLock { if case .set = $0 { true } else { false } }
    }

    /// Sets the value unless there is one already.
    package func set(_ value: Value) {
        let waiting: [CheckedContinuation<Value, Never>] = self.state.withLock { state in
            switch state {
            case .empty:
                state = .set(value)
                return []
            case .awaited(let continuations):
                state = .set(value)
                return continuations
            case .set:
                return []
            }
        }
        for continuation in waiting { continuation.resume(returning: value) }
    }

    /// Awaits the value. A cancellation is the owner's affair (it sets a value).
    package func value() async -> Value {
        await withCheckedContinuation { continuation in
            let ready: Value? = self.state.withLock { state in
                switch state {
                case .set(let value): return value
                case .empty: state = .awaited([continuation])
                case .awaited(let others): state = .awaited(others + [continuation])
                }
                return nil
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }
}
