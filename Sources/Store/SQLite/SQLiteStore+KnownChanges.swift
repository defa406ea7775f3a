package import Analysis
import Foundation
import GRDB

extension SQLiteStore {
    package func keepChanges(_ changes: [KnownChange]) async throws(StoreError) -> [InboxOutcome] {
        guard !changes.isEmpty else { return [] }
        return try await write { database in
            try changes.map { change in
                guard try !insert(change, in: database) else { return .accepted }
                let identity = change.event.identity
                let known = try Data.fetchOne(
                    database,
                    sql: "SELECT change FROM changes WHERE source = ? AND event_id = ?",
                    arguments: [identity.source, identity.id]
                )
                return InboxOutcome(repeating: change.event, known: known ?? Data())
            }
        }
    }

    package func changes(_ query: ChangeQuery) async throws(StoreError) -> [ListedChange] {
        try await read { database in
            var conditions: [String] = []
            var arguments = StatementArguments()
            func add(_ condition: String, _ values: [String: (any DatabaseValueConvertible)?]) {
                conditions.append(condition)
                arguments += StatementArguments(values)
            }
            if let applications = query.applications {
                let names = try JSONEncoder().encode(applications)
                add(
                    "(application IN (SELECT value FROM json_each(:applications))"
                        + (query.withShared ? " OR shared = 1)" : ")"),
                    ["applications": String(decoding: names, as: UTF8.self)]
                )
            }
            if let environment = query.environment { add("environment = :environment", ["environment": environment]) }
            if let kind = query.kind { add("kind = :kind", ["kind": kind.rawValue]) }
            if let since = query.since { add("at >= :since", ["since": since.milliseconds]) }
            if let until = query.until { add("at <= :until", ["until": until.milliseconds]) }
            if let after = query.after {
                add("(at, sequence) < (:at, :sequence)", ["at": after.at.milliseconds, "sequence": after.sequence])
            }
            let condition = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND "))"
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT sequence, at, change FROM changes \(condition)
                    ORDER BY at DESC, sequence DESC LIMIT \(query.limit)
                    """,
                arguments: arguments
            ).compactMap { row in ListedChange(sequence: row["sequence"], at: row["at"], change: row["change"]) }
        }
    }
}

/// False where there is one with its identity.
@discardableResult
func insert(_ change: KnownChange, in database: Database) throws -> Bool {
    let columns = try ChangeColumns(change)
    try database.run(
        sql: """
            INSERT INTO changes (source, event_id, at, application, environment, kind, shared, change)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (source, event_id) DO NOTHING
            """,
        arguments: [
            columns.source, columns.id, columns.at, columns.application, columns.environment, columns.kind,
            columns.isShared, columns.change,
        ]
    )
    return database.changesCount == 1
}
