import Analysis
import Foundation
import GRDB

extension SQLiteStore {
    package func receive(_ events: [ReceivedEvent]) async throws(StoreError) -> [InboxOutcome] {
        try await write { database in
            let insert = try database.makeStatement(
                sql: """
                    INSERT INTO inbox (source, event_id, received_at, event) VALUES (?, ?, ?, ?)
                    ON CONFLICT (source, event_id) DO NOTHING
                    """
            )
            return try events.map { received in
                let identity = received.event.identity
                try insert.execute(arguments: [
                    identity.source, identity.id, received.receivedAt.milliseconds,
                    DomainJSON.encode(received.event),
                ])
                return database.changesCount == 1 ? .accepted : .duplicate
            }
        }
    }

    package func unansweredEvents(limit: Int) async throws(StoreError) -> [InboxEvent] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT sequence, event, received_at FROM inbox
                    WHERE answered_at IS NULL ORDER BY sequence LIMIT ?
                    """,
                arguments: [limit]
            ).map { row in
                InboxEvent(
                    sequence: row["sequence"],
                    event: try DomainJSON.decode(DeployEvent.self, from: row["event"]),
                    receivedAt: Timestamp(milliseconds: row["received_at"])
                )
            }
        }
    }
}
