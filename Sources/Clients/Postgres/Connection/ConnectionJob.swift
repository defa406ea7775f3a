import Synchronization

/// Something for a connection's thread to do.
final class ConnectionJob: Sendable {
    /// Does it, and returns what tells the caller: called when the connection has settled.
    let perform: @Sendable (NativeConnection) -> @Sendable () -> Void
    let fail: @Sendable (PostgresError) -> Void
    private let cancelled = Atomic(false)

    init(
        perform: @escaping @Sendable (NativeConnection) -> @Sendable () -> Void,
        fail: @escaping @Sendable (PostgresError) -> Void
    ) {
        self.perform = perform
        self.fail = fail
    }

    var isCancelled: Bool { self.cancelled.load(ordering: .acquiring) }

    func markCancelled() {
        self.cancelled.store(true, ordering: .releasing)
    }
}
