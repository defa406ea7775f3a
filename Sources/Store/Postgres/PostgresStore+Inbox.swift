import Analysis
import Foundation
import Postgres
import StoredFormats

extension PostgresStore {
    /// Transactions that answer events hold it, so that there is one at a time.
    private static let answering: Int64 = 0x616E_7377_6572

    package func receive(_ events: [ReceivedEvent]) async throws(StoreError) -> [InboxOutcome] {
        guard !events.isEmpty else { return [] }
        var seen: Set<EventIdentity> = []
        let first = events.indices.filter { seen.insert(events[$0].event.identity).inserted }
        let accepted = try await write { connection in
            // Numbered in the order in which they came.
            let rows = try await connection.query(
                PostgresStatement(
                    """
                    INSERT INTO inbox (source, event_id, received_at, event, form)
                    SELECT source, event_id, received_at, event, $5::int
                    FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bytea[])
                        WITH ORDINALITY AS given (source, event_id, received_at, event, place)
                    ORDER BY place
                    ON CONFLICT (source, event_id) DO NOTHING
                    RETURNING source, event_id
                    """,
                    first.map { events[$0].event.identity.source },
                    first.map { events[$0].event.identity.id },
                    first.map { events[$0].receivedAt.milliseconds },
                    try first.map { PostgresBytes(try DeployEventForm.write(events[$0].event)) },
                    Int32(DeployEventForm.newest)
                )
            )
            return Set(try rows.map { EventIdentity(source: try $0.decode(0), id: try $0.decode(1)) })
        }
        let new = Set(first.filter { accepted.contains(events[$0].event.identity) })
        return events.indices.map { new.contains($0) ? .accepted : .duplicate }
    }

    package func waitingEvents() async throws(StoreError) -> Backlog {
        try await read { connection in
            let row = try await connection.queryFirst(
                "SELECT count(*), min(received_at) FROM inbox WHERE answered_at IS NULL AND set_aside_at IS NULL"
            )
            return Backlog(
                count: try row?.decode(0) ?? 0,
                oldest: try row?.decode(1, as: Int64?.self).map { Timestamp(milliseconds: $0) }
            )
        }
    }

    package func answerEvents(
        limit: Int,
        _ answer: @escaping @Sendable (InboxEvent, ReleaseRecord) throws(StoreError) -> StoreChange
    ) async throws(StoreError) -> [AnsweredEvent] {
        let isWaiting = try await read { connection in
            let row = try await connection.queryFirst(
                "SELECT EXISTS (SELECT 1 FROM inbox WHERE answered_at IS NULL)"
            )
            return try row?.decode(0, as: Bool.self) ?? false
        }
        guard isWaiting else { return [] }
        do throws(StoreError) { return try await answerBatch(limit, answer) } catch {
            // An answer met something that only the tables knew, such as a session that was there already: one at a
            // time each answer sees it.
            guard error.code == .conflict, limit > 1 else { throw error }
            return try await answerBatch(1, answer)
        }
    }

    private func answerBatch(
        _ limit: Int,
        _ answer: @escaping @Sendable (InboxEvent, ReleaseRecord) throws(StoreError) -> StoreChange
    ) async throws(StoreError) -> [AnsweredEvent] {
        try await transaction { connection in
            let lock = try await connection.queryFirst(
                PostgresStatement("SELECT pg_try_advisory_xact_lock($1)", Self.answering)
            )
            guard try lock?.decode(0, as: Bool.self) == true else { return [] }
            let rows = try await connection.query(
                PostgresStatement(
                    """
                    SELECT sequence, event, received_at FROM inbox
                    WHERE answered_at IS NULL AND set_aside_at IS NULL AND (form IS NULL OR form <= \(KnownForms.event))
                        AND (waits_for IS NULL OR NOT EXISTS (
                            SELECT 1 FROM sessions WHERE id = waits_for AND phase <> 'finished'
                                AND NOT (\(WorkableRows.condition))
                        ))
                    ORDER BY sequence LIMIT $1
                    """,
                    Int64(limit)
                )
            )
            var batch = AnswerBatch()
            for row in rows { try batch.add(row) }
            try await batch.read(on: connection)
            try batch.answerAll(answer)
            try await connection.pipeline(try batch.statements())
            return batch.answered
        }
    }
}
