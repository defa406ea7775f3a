import GRDB
import Processes

/// Whether a process holds a session of a store, seen from outside.
enum Lease {
    /// Waits until a session is held: a look is under way.
    static func held(in path: String) async throws {
        try await Waiting.until("a look is under way") { try await isHeld(in: path) }
    }

    static func isHeld(in path: String) async throws -> Bool {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let count = try await queue.read { database in
            try Int.fetchOne(database, sql: "SELECT count(*) FROM sessions WHERE lease_owner IS NOT NULL")
        }
        try queue.close()
        return count ?? 0 > 0
    }
}
