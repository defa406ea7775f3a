import Synchronization

/// Whether a connection is still lent to the one who holds it.
final class Lease: Sendable {
    private let isOver = Atomic(false)

    func end() {
        self.isOver.store(true, ordering: .releasing)
    }

    func check() throws(PostgresError) {
        guard !self.isOver.load(ordering: .acquiring) else { throw .connectionClosed }
    }
}
