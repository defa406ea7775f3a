import Synchronization

/// A value that several tasks of a simulation write to.
package final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    package init(_ value: Value) {
        mutex = Mutex(value)
    }

    package var value: Value { mutex.withLock { $0 } }

    @discardableResult
    package func change<Result>(_ body: (inout Value) -> sending Result) -> sending Result {
        mutex.withLock { body(&$0) }
    }
}
