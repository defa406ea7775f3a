import Synchronization

/// Counts the events whose bodies have come in and that have no answer yet, and bounds them. The number of connections
/// does not: an event goes on being read after its caller has hung up.
final class EventsUnderWay: Sendable {
    static let most = 512

    private let count = Mutex(0)

    /// False where there is no room; a true answer is followed by ``leave()``.
    func enter() -> Bool {
        count.withLock { count in
            guard count < Self.most else { return false }
            count += 1
            return true
        }
    }

    func leave() { count.withLock { $0 -= 1 } }
}
