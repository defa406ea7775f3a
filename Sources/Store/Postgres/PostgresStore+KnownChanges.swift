package import Analysis
import Foundation
import Postgres

extension PostgresStore {
    package func keepChanges(_ changes: [KnownChange]) async throws(StoreError) -> [InboxOutcome] {
        guard !changes.isEmpty else { return [] }
        return try await write { connection in
            // Of several with one identity the first is written, and the others are compared with it.
            var written = Set(
                try await connection.query(try Self.insertion(of: changes)).map { row in
                    EventIdentity(source: try row.decode(0), id: try row.decode(1))
                }
            )
            let rows = try await connection.query(
                PostgresStatement(
                    """
                    SELECT source, event_id, change FROM changes
                    WHERE (source, event_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))
                    """,
                    changes.map(\.event.identity.source),
                    changes.map(\.event.identity.id)
                )
            )
            var known: [EventIdentity: Data] = [:]
            for row in rows {
                let identity = EventIdentity(source: try row.decode(0), id: try row.decode(1))
                known[identity] = Data(try row.decode(2, as: PostgresBytes.self).bytes)
            }
            return changes.map { change in
                let identity = change.event.identity
                return written.remove(identity) != nil
                    ? .accepted : InboxOutcome(repeating: change.event, known: known[identity] ?? Data())
            }
        }
    }

    /// Those that are not kept yet, in the order of their identities: two replicas that write the same ones lock them in one
    /// order.
    static func insertion(of changes: [KnownChange]) throws -> PostgresStatement {
        var identities: Set<EventIdentity> = []
        let columns = try changes.filter { identities.insert($0.event.identity).inserted }.map { change in
            try ChangeColumns(change)
        }.sorted { ($0.source, $0.id) < ($1.source, $1.id) }
        return PostgresStatement(
            """
            INSERT INTO changes (source, event_id, at, application, environment, kind, shared, change)
            SELECT * FROM unnest(
                $1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::bytea[]
            )
            ON CONFLICT (source, event_id) DO NOTHING
            RETURNING source, event_id
            """,
            columns.map(\.source),
            columns.map(\.id),
            columns.map(\.at),
            columns.map(\.application),
            columns.map(\.environment),
            columns.map(\.kind),
            columns.map(\.isShared),
            columns.map { PostgresBytes($0.change) }
        )
    }

    package func changes(_ query: ChangeQuery) async throws(StoreError) -> [ListedChange] {
        try await read { connection in
            try await connection.query(
                PostgresStatement(
                    """
                    SELECT sequence, at, change FROM changes
                    WHERE ($1::text[] IS NULL OR application = ANY($1) OR ($2::boolean AND shared))
                        AND ($3::text IS NULL OR environment = $3) AND ($4::text IS NULL OR kind = $4)
                        AND at >= $5 AND at <= $6 AND (at, sequence) < ($7, $8)
                    ORDER BY at DESC, sequence DESC LIMIT $9
                    """,
                    query.applications.map { $0.map(\.storable) },
                    query.withShared,
                    query.environment?.storable,
                    query.kind?.rawValue.storable,
                    query.since?.milliseconds ?? .min,
                    query.until?.milliseconds ?? .max,
                    query.after?.at.milliseconds ?? .max,
                    query.after?.sequence ?? .max,
                    Int64(query.limit)
                )
            ).compactMap { row in
                ListedChange(
                    sequence: try row.decode(0),
                    at: try row.decode(1),
                    change: Data(try row.decode(2, as: PostgresBytes.self).bytes)
                )
            }
        }
    }
}
