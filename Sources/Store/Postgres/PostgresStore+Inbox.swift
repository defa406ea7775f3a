package import Analysis
import Foundation
import Postgres
import StoredFormats
import Synchronization

extension PostgresStore {
    /// Transactions that answer events hold it, so that there is one at a time.
    static let answering: Int64 = 0x616E_7377_6572

    package func receive(_ events: [ReceivedEvent]) async throws(StoreError) -> [InboxOutcome] {
        guard !events.isEmpty else { return [] }
        // Of several with one identity, the first is written and the others are compared with it.
        var first: [EventIdentity: Int] = [:]
        for (index, received) in events.enumerated() where first[received.event.identity] == nil {
            first[received.event.identity] = index
        }
        let written = events.indices.filter { first[events[$0].event.identity] == $0 }.map { events[$0] }
        let outcomes = try await write { connection in
            try await Self.receive(distinct: written, on: connection)
        }
        return events.indices.map { index in
            let event = events[index].event
            guard let place = first[event.identity], place != index else {
                return outcomes[event.identity] ?? .duplicate
            }
            // What was refused cannot be repeated.
            if case .conflict? = outcomes[event.identity] { return outcomes[event.identity] ?? .duplicate }
            return event.conflict(with: events[place].event).map { .conflict($0) } ?? .duplicate
        }
    }

    private static func receive(
        distinct events: [ReceivedEvent],
        on connection: PostgresConnection
    ) async throws -> [EventIdentity: InboxOutcome] {
        // Numbered in the order in which they came.
        let rows = try await connection.query(
            PostgresStatement(
                """
                INSERT INTO inbox (source, event_id, received_at, event, door, format, headers, body, plan, form)
                SELECT source, event_id, received_at, event, door, format, headers, body, plan, $11::int
                FROM unnest(
                    $1::text[], $2::text[], $3::bigint[], $4::bytea[], $5::text[], $6::text[], $7::bytea[],
                    $8::bytea[], $9::bytea[], $10::text[]
                ) WITH ORDINALITY AS given (
                    source, event_id, received_at, event, door, format, headers, body, plan, session, place
                )
                WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.id = given.session)
                ORDER BY place
                ON CONFLICT (source, event_id) DO NOTHING
                RETURNING source, event_id
                """,
                events.map(\.event.identity.source),
                events.map(\.event.identity.id),
                events.map(\.receivedAt.milliseconds),
                try events.map { PostgresBytes(try DeployEventForm.write($0.event)) },
                events.map { $0.original?.door },
                events.map { $0.original?.format },
                try events.map { try $0.original.map { try PostgresBytes(json: $0.headers) } },
                events.map { $0.original?.body.map { PostgresBytes($0) } },
                try events.map { try $0.plan.map { PostgresBytes(try PlanForm.write($0)) } },
                events.map { SessionID.make(for: $0.event.identity) },
                Int32(DeployEventForm.newest)
            )
        )
        var outcomes: [EventIdentity: InboxOutcome] = [:]
        for row in rows {
            outcomes[EventIdentity(source: try row.decode(0), id: try row.decode(1))] = .accepted
        }
        let known = events.filter { outcomes[$0.event.identity] == nil }
        if !known.isEmpty { outcomes.merge(try await repetitions(known, on: connection)) { $1 } }
        return outcomes
    }

    /// What events are whose identity is known: the same again, or other ones.
    private static func repetitions(
        _ events: [ReceivedEvent],
        on connection: PostgresConnection
    ) async throws -> [EventIdentity: InboxOutcome] {
        let results = try await connection.pipeline([
            PostgresStatement(
                """
                SELECT source, event_id, event FROM inbox
                WHERE (source, event_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))
                """,
                events.map(\.event.identity.source),
                events.map(\.event.identity.id)
            ),
            PostgresStatement(
                "SELECT id, state FROM sessions WHERE id = ANY($1::text[])",
                events.map { SessionID.make(for: $0.event.identity) }
            ),
        ])
        var stored: [EventIdentity: Data] = [:]
        for row in results[0].rows {
            let identity = EventIdentity(source: try row.decode(0), id: try row.decode(1))
            stored[identity] = Data(try row.decode(2, as: PostgresBytes.self).bytes)
        }
        var states: [String: Data] = [:]
        for row in results[1].rows {
            states[try row.decode(0)] = Data(try row.decode(1, as: PostgresBytes.self).bytes)
        }
        var outcomes: [EventIdentity: InboxOutcome] = [:]
        for event in events.map(\.event) {
            if let known = stored[event.identity] {
                outcomes[event.identity] = InboxOutcome(repeating: event, known: known)
            } else if let state = states[SessionID.make(for: event.identity)] {
                outcomes[event.identity] = InboxOutcome(repeating: event, analysis: state)
            } else {
                // What was there a moment ago has been deleted meanwhile.
                throw StoreError(.unavailable, "an event was deleted while its repetition was read")
            }
        }
        return outcomes
    }

    package func originalEvent(_ identity: EventIdentity) async throws(StoreError) -> OriginalEvent? {
        try await read { connection in
            let row = try await connection.queryFirst(
                PostgresStatement(
                    """
                    SELECT door, format, headers, body FROM inbox
                    WHERE source = $1 AND event_id = $2 AND door IS NOT NULL
                    """,
                    identity.source.storable,
                    identity.id.storable
                )
            )
            guard let row else { return nil }
            let headers = try row.decode(2, as: PostgresBytes.self).bytes
            return OriginalEvent(
                door: try row.decode(0),
                format: try row.decode(1),
                headers: try DomainJSON.decode([OriginalEvent.Header].self, from: Data(headers)),
                body: try row.decode(3, as: PostgresBytes?.self)?.bytes
            )
        }
    }

    package func knownEvent(_ identity: EventIdentity) async throws(StoreError) -> KnownEvent? {
        try await read { connection in
            let row = try await connection.queryFirst(
                PostgresStatement(
                    "SELECT event, answered_at IS NOT NULL, outcome FROM inbox WHERE source = $1 AND event_id = $2",
                    identity.source.storable,
                    identity.id.storable
                )
            )
            guard let row else { return nil }
            let bytes = try row.decode(0, as: PostgresBytes.self).bytes
            guard let event = try? DeployEventForm.read(Data(bytes)) else { return nil }
            let isAnswered = try row.decode(1, as: Bool.self)
            let outcome = try row.decode(2, as: String?.self)
            return KnownEvent(event: event, outcome: isAnswered ? outcome ?? "" : nil)
        }
    }

    package func history(of release: ReleaseIdentity) async throws(StoreError) -> ReleaseHistory {
        try await read { connection in try await Self.history(of: release, on: connection) }
    }

    static func history(
        of release: ReleaseIdentity,
        on connection: PostgresConnection
    ) async throws -> ReleaseHistory {
        let (application, environment) = (release.application.storable, release.environment.storable)
        let results = try await connection.pipeline([
            PostgresStatement(
                """
                SELECT timeline FROM release_timelines
                WHERE application = $1 AND environment = $2 AND cluster = $3 AND namespace = $4
                """,
                application,
                environment,
                (release.cluster ?? "").storable,
                (release.namespace ?? "").storable
            ),
            PostgresStatement(
                "SELECT timeline FROM releases WHERE application = $1 AND environment = $2",
                application,
                environment
            ),
        ])
        let timelines = try results.map { result in
            try result.rows.first.map { Data(try $0.decode(0, as: PostgresBytes.self).bytes) }
        }
        return ReleaseHistory(
            own: try timelines[0].map(ReleaseTimelineForm.read) ?? ReleaseTimeline(),
            shared: try timelines[1].map(SharedTimelineForm.read) ?? SharedTimeline()
        )
    }

    package func unansweredEvents(limit: Int) async throws(StoreError) -> [InboxEvent] {
        try await read { connection in
            let statement = PostgresStatement(
                """
                SELECT sequence, event, received_at, plan FROM inbox
                WHERE answered_at IS NULL AND \(PostgresInboxTurns.condition)
                ORDER BY sequence LIMIT $1
                """,
                Int64(limit)
            )
            return try await connection.query(statement).compactMap { row in
                let event = try? DeployEventForm.read(Data(try row.decode(1, as: PostgresBytes.self).bytes))
                guard let event else { return nil }
                let plan = try row.decode(3, as: PostgresBytes?.self)?.bytes
                return InboxEvent(
                    sequence: try row.decode(0),
                    event: event,
                    receivedAt: Timestamp(milliseconds: try row.decode(2)),
                    plan: plan.flatMap { try? PlanForm.read(Data($0)) }
                )
            }
        }
    }

    package func heldEvents(limit: Int) async throws(StoreError) -> [String: Int] {
        try await read { connection in
            let rows = try await connection.query(
                PostgresStatement(
                    """
                    SELECT source, count(*) FROM inbox WHERE answered_at IS NULL AND held = 1
                    GROUP BY source ORDER BY 2 DESC LIMIT $1
                    """,
                    Int64(limit)
                )
            )
            return Dictionary(try rows.map { (try $0.decode(0), try $0.decode(1)) }) { first, _ in first }
        }
    }

    package func waitingEvents() async throws(StoreError) -> Backlog {
        try await read { connection in
            let row = try await connection.queryFirst(
                """
                SELECT count(*), min(CASE WHEN held = 0 THEN received_at END) FROM inbox
                WHERE answered_at IS NULL AND set_aside_at IS NULL
                """
            )
            return Backlog(
                count: try row?.decode(0) ?? 0,
                oldest: try row?.decode(1, as: Int64?.self).map { Timestamp(milliseconds: $0) }
            )
        }
    }

    package func answerEvents(
        limit: Int,
        maximumPerSource: Int?,
        _ answer: @escaping @Sendable (InboxEvent, ReleaseRecord) throws(StoreError) -> StoreChange
    ) async throws(StoreError) -> [AnsweredEvent] {
        let isWaiting = try await read { connection in
            let row = try await connection.queryFirst(
                "SELECT EXISTS (SELECT 1 FROM inbox WHERE answered_at IS NULL)"
            )
            return try row?.decode(0, as: Bool.self) ?? false
        }
        guard isWaiting else { return [] }
        do throws(StoreError) { return try await answerBatch(limit, maximumPerSource, answer) } catch {
            // An answer met something that only the tables knew, such as a session that was there already: one at a
            // time each answer sees it.
            guard error.code == .conflict, limit > 1 else { throw error }
            return try await answerBatch(1, maximumPerSource, answer)
        }
    }

    private func answerBatch(
        _ limit: Int,
        _ maximumPerSource: Int?,
        _ answer: @escaping @Sendable (InboxEvent, ReleaseRecord) throws(StoreError) -> StoreChange
    ) async throws(StoreError) -> [AnsweredEvent] {
        try await transaction { connection in
            let lock = try await connection.queryFirst(
                PostgresStatement("SELECT pg_try_advisory_xact_lock($1)", Self.answering)
            )
            guard try lock?.decode(0, as: Bool.self) == true else { return [] }
            let turns = PostgresInboxTurns(connection: connection, limit: limit)
            var place = inboxPlace.withLock { $0 }
            var places = SourcePlaces(maximum: maximumPerSource)
            var batch = AnswerBatch()
            for row in try await turns.rows(&place, &places) { try batch.add(row) }
            inboxPlace.withLock { [place] in $0 = place }
            try await turns.count(batch.sources, &places)
            try await batch.read(on: connection)
            try batch.answerAll(&places, answer)
            try await connection.pipeline(try batch.statements())
            return batch.answered
        }
    }
}
