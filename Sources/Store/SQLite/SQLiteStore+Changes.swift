import Analysis
import Foundation
import GRDB
import StoredFormats

extension SQLiteStore {
    package func changes(
        after place: ChangePlace,
        ofSession id: String?,
        limit: Int
    ) async throws(StoreError) -> [SessionChange] {
        try await read { database in
            let transitions = try Self.rows(
                of: "transitions",
                "changed.transition",
                after: place.transitions,
                ofSession: id,
                limit: limit,
                in: database
            ).map { row in
                do throws(FormError) {
                    return SessionChange(row, .transition(try TransitionForm.read(row["transition"])))
                } catch {
                    return SessionChange(row, .unreadable)
                }
            }
            let actions = try Self.rows(
                of: "rollout_actions",
                "changed.id AS action, changed.source, changed.outcome, changed.at",
                after: place.actions,
                ofSession: id,
                limit: limit,
                in: database
            ).map { row in
                let at = Timestamp(milliseconds: row["at"])
                return SessionChange(
                    row,
                    .action(id: row["action"], source: row["source"], outcome: row["outcome"], at: at)
                )
            }
            return transitions + actions
        }
    }

    private static func rows(
        of table: String,
        _ columns: String,
        after place: NumberPlace,
        ofSession id: String?,
        limit: Int,
        in database: Database
    ) throws -> [Row] {
        let isOfSession = id == nil ? "" : "AND session = :session"
        var arguments: StatementArguments = [
            "last": place.last, "missing": "\(place.missing)", "limit": limit,
        ]
        if let id { arguments += ["session": id] }
        return try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    WITH changed AS (
                        SELECT * FROM \(table)
                        WHERE sequence IN (SELECT value FROM json_each(:missing)) \(isOfSession)
                        UNION ALL SELECT * FROM (
                            SELECT * FROM \(table) WHERE sequence > :last \(isOfSession)
                            ORDER BY sequence LIMIT :limit
                        )
                    )
                    SELECT changed.sequence, changed.session, \(columns), sessions.application, sessions.environment,
                        sessions.cluster, sessions.namespace, sessions.release_version
                    FROM changed JOIN sessions ON sessions.id = changed.session ORDER BY changed.sequence
                    """
            ),
            arguments: arguments
        )
    }

    package func endOfChanges() async throws(StoreError) -> ChangePlace {
        try await read { database in
            func end(of table: String) throws -> NumberPlace {
                NumberPlace(end: try Int64.fetchOne(database, sql: "SELECT max(sequence) FROM \(table)") ?? 0)
            }
            return ChangePlace(transitions: try end(of: "transitions"), actions: try end(of: "rollout_actions"))
        }
    }
}

extension SessionChange {
    fileprivate init(_ row: Row, _ what: What) {
        self.init(
            number: row["sequence"],
            what: what,
            session: row["session"],
            application: row["application"],
            environment: row["environment"],
            cluster: row["cluster"],
            namespace: row["namespace"],
            version: row["release_version"]
        )
    }
}
