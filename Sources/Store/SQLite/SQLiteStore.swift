package import Analysis
import Foundation
import GRDB
import StoredFormats
import Synchronization

/// The embedded default: one file, written ahead (WAL), durable at each commit (`synchronous = FULL`).
package final class SQLiteStore: Store {
    let pool: DatabasePool
    let file: SQLiteFile
    let commits = CommitQueue()
    /// Where turns go on that are shared out.
    let turnPlace = Mutex(TurnPlace())
    let inboxPlace = Mutex(TurnPlace())

    /// Opens or creates the store. Throws `.schema` when a newer version made it, `.corrupt` when it is no store.
    ///
    /// Several processes may open one file. `takesOver` ends the leases that a killed process left behind: for the one
    /// process that runs sessions. `onStatement` is told the SQL of each statement that is run.
    package init(
        path: String,
        takesOver: Bool = true,
        maximumPages: Int? = nil,
        onStatement: (@Sendable (String) -> Void)? = nil
    ) throws(StoreError) {
        pool = try storeErrors {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            configuration.maximumReaderCount = 4
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
                if let maximumPages { try database.execute(sql: "PRAGMA max_page_count = \(maximumPages)") }
                guard let onStatement else { return }
                database.trace { event in
                    if case .statement(let statement) = event { onStatement(statement.sql) }
                }
            }
            let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
            do { try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true) } catch {
                throw StoreError(.unavailable, "the directory \(directory.path) cannot be made")
            }
            try SQLiteFile.prepare(path)
            let pool = try DatabasePool(path: path, configuration: configuration)
            let migrator = SQLiteSchema.migrator
            if try pool.read({ try migrator.hasBeenSuperseded($0) }) {
                throw StoreError(.schema, "\(path) was made by a newer version of assay")
            }
            try migrator.migrate(pool)
            try pool.write { try SQLiteAdditions.apply(to: $0) }
            if takesOver {
                try pool.write { database in
                    try database.execute(sql: "UPDATE sessions SET lease_owner = NULL, lease_until = NULL")
                    try database.execute(sql: "UPDATE outbox_shards SET owner = NULL, lease_until = NULL")
                    try database.execute(sql: "UPDATE canary_executions SET lease_owner = NULL, lease_until = NULL")
                    try database.execute(sql: "DELETE FROM replicas")
                    // What another version could not read this one may.
                    for table in ["sessions", "inbox"] {
                        try database.execute(
                            sql: """
                                UPDATE \(table) SET set_aside_at = NULL, set_aside_reason = NULL
                                WHERE set_aside_at IS NOT NULL
                                """
                        )
                    }
                    // A version put back may have written what is known about the release anew.
                    try database.execute(
                        sql: """
                            UPDATE inbox SET timeline_form = NULL
                            WHERE answered_at IS NULL AND timeline_form IS NOT NULL
                            """
                    )
                }
            }
            return pool
        }
        file = try SQLiteFile(opened: path)
    }

    /// This machine's clock: the process that opens the file runs on it.
    package func time() async throws(StoreError) -> Timestamp { Self.now }

    static var now: Timestamp { Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down))) }

    package func close() async {
        // The connection that writes is closed before those that read, and they cannot empty the log.
        _ = try? await pool.writeWithoutTransaction { database in try database.checkpoint(.truncate) }
        try? pool.close()
    }

    package func check() async throws(StoreError) {
        // Rewriting a value that is there touches a page and the log, as any write does.
        try await write { database in
            try database.execute(sql: "PRAGMA user_version = 1")
        }
    }

    package func size() async throws(StoreError) -> Int64 {
        let used = try await read { database in
            try Int64.fetchOne(
                database,
                sql: """
                    SELECT (page_count - freelist_count) * page_size
                    FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()
                    """
            )
        }
        return (used ?? 0) + file.logBytes
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        try file.check()
        do { return try await pool.read(body) } catch { throw StoreError(sqlite: error) }
    }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        try file.check()
        let value: Value
        do { value = try await pool.write(body) } catch { throw StoreError(sqlite: error) }
        try checkAfterWriting()
        return value
    }
}

extension SQLiteStore {
    /// A file that went while it was written to has the change with it.
    func checkAfterWriting() throws(StoreError) {
        do throws(StoreError) { try file.check() } catch { throw StoreError(.unknown, error.message) }
    }
}

private func storeErrors<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
    do { return try body() } catch { throw StoreError(sqlite: error) }
}

extension StoreError {
    /// Sorts what GRDB and SQLite report into what a caller can act on.
    init(sqlite error: any Error) {
        if let known = error as? StoreError {
            self = known
            return
        }
        if let error = error as? FormError {
            self.init(error)
            return
        }
        if error is DecodingError || error is RowDecodingError {
            self.init(.corrupt, "a stored value cannot be read: \(String(describing: error).prefixed(200))")
            return
        }
        guard let database = error as? DatabaseError else {
            self.init(.unavailable, String(describing: error).prefixed(300))
            return
        }
        let message = (database.message ?? "SQLite error \(database.resultCode.rawValue)").prefixed(300)
        switch database.resultCode {
        case .SQLITE_FULL: self.init(.full, message)
        case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_READONLY, .SQLITE_PERM:
            self.init(.unavailable, message)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self.init(.corrupt, message)
        default: self.init(.unavailable, message)
        }
    }
}

extension String {
    fileprivate func prefixed(_ length: Int) -> String { String(prefix(length)) }
}
