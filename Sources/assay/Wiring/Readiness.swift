import Store
import Synchronization

/// Why the process is not ready, asked anew each time.
final class Readiness: Sendable {
    private let store: any Store
    private let watched = Mutex<[(name: String, reason: @Sendable () -> String?)]>([])

    init(store: any Store) {
        self.store = store
    }

    func watch(_ name: String, _ reason: @escaping @Sendable () -> String?) {
        watched.withLock { $0.append((name, reason)) }
    }

    func reasons() async -> [String] {
        var reasons = watched.withLock { $0 }.compactMap { entry in entry.reason().map { "\(entry.name): \($0)" } }
        do throws(StoreError) { try await store.check() } catch { reasons.append("store: \(error)") }
        return reasons
    }
}
