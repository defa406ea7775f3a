import Postgres

/// Chooses the waiting events that are answered next.
struct PostgresInboxTurns {
    let connection: PostgresConnection
    let limit: Int

    /// Of a row of the table `inbox` that has no answer: this version can give one.
    static let condition = """
        set_aside_at IS NULL AND \(AnswerableRows.ofKnownForm)
            AND (waits_for IS NULL OR NOT EXISTS (
                SELECT 1 FROM sessions WHERE id = waits_for AND phase <> 'finished'
                    AND NOT (\(WorkableRows.condition))
            ))
        """

    private static let isReady = "answered_at IS NULL AND held = 0"
    private static let isHeld = "answered_at IS NULL AND held = 1"

    private static func sources(_ rows: String) -> String {
        GroupSearch(
            table: "inbox",
            column: "source COLLATE \"C\"",
            condition: rows,
            isDue: """
                (SELECT true FROM inbox WHERE \(rows) AND source COLLATE "C" = visited.name AND \(condition)
                    ORDER BY source COLLATE "C", sequence LIMIT 1) IS NOT NULL
                """
        ).sql(place: "$1", visits: "$2")
    }

    /// The rows of up to `limit` events that are ready, and of held ones of sources that have room by now: in the order in
    /// which they came.
    func rows(_ place: inout TurnPlace, _ places: inout SourcePlaces) async throws -> PostgresRows {
        let chosen = try await ready(&place) + held(&place, &places)
        return try await connection.query(
            PostgresStatement(
                "SELECT sequence, event, received_at, plan FROM inbox WHERE sequence = ANY($1::bigint[]) ORDER BY sequence",
                chosen
            )
        )
    }

    private func ready(_ place: inout TurnPlace) async throws -> [Int64] {
        let first = try await connection.query(
            PostgresStatement(
                """
                SELECT sequence FROM inbox WHERE \(Self.isReady) AND \(Self.condition) ORDER BY sequence LIMIT $1
                """,
                Int64(limit) + 1
            )
        ).map { try $0.decode(0, as: Int64.self) }
        guard first.count > limit else { return first }
        var turns = FairTurns(limit: limit, place: place)
        let visited = try await connection.query(
            PostgresStatement(Self.sources(Self.isReady), place.source, Int64(turns.visits))
        )
        let shares = turns.visited(sources: try visited.map(VisitedGroup.init))
        // Each event has a turn of its own, whatever its application: they are answered in their order.
        _ = turns.found(
            try await sequences(Self.isReady, of: shares.map(\.source), atMost: shares.map(\.sessions)).map {
                TurnCandidate(id: "\($0.sequence)", source: $0.source, application: "\($0.sequence)")
            }
        )
        place = turns.place
        let chosen = turns.sessions.compactMap { Int64($0) }
        let known = Set(chosen)
        return Array((chosen + first.filter { !known.contains($0) }).prefix(limit))
    }

    /// The search goes on behind the source that was looked at last: sources that are full keep none behind them waiting.
    private func held(_ place: inout TurnPlace, _ places: inout SourcePlaces) async throws -> [Int64] {
        let visited = try await connection.query(
            PostgresStatement(Self.sources(Self.isHeld), place.fullSource, Int64(limit))
        ).map(VisitedGroup.init)
        if let last = visited.last { place.fullSource = last.name }
        let full = visited.filter(\.isDue).map(\.name)
        guard !full.isEmpty else { return [] }
        try await count(full, &places)
        let found = try await sequences(Self.isHeld, of: full, atMost: full.map { min(places.left(of: $0), limit) })
        // What is beyond the limit has its turn next.
        if found.count > limit { place.fullSource = found[limit - 1].source }
        return found.prefix(limit).map(\.sequence)
    }

    /// Counts the unfinished sessions of sources, where that is needed.
    func count(_ sources: [String], _ places: inout SourcePlaces) async throws {
        let unknown = Set(sources.filter { places.isUnknown($0) }).sorted()
        guard let maximum = places.maximum, !unknown.isEmpty else { return }
        let rows = try await connection.query(
            PostgresStatement(
                """
                SELECT given.source, (SELECT count(*) FROM (
                    SELECT 1 FROM sessions WHERE source = given.source AND phase <> 'finished' LIMIT $2
                ) AS unfinished)
                FROM unnest($1::text[]) AS given (source)
                """,
                unknown,
                Int64(maximum)
            )
        )
        for row in rows { places.set(try row.decode(1), of: try row.decode(0)) }
    }

    private func sequences(
        _ rows: String,
        of sources: [String],
        atMost most: [Int]
    ) async throws -> [(source: String, sequence: Int64)] {
        try await connection.query(
            PostgresStatement(
                """
                SELECT share.source, event.sequence
                FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS share (source, events, place)
                CROSS JOIN LATERAL (
                    SELECT sequence FROM inbox
                    WHERE \(rows) AND source COLLATE "C" = share.source AND \(Self.condition)
                    ORDER BY source COLLATE "C", sequence LIMIT share.events
                ) AS event
                ORDER BY share.place, event.sequence
                """,
                sources,
                most.map { Int64($0) }
            )
        ).map { (try $0.decode(0), try $0.decode(1)) }
    }
}
