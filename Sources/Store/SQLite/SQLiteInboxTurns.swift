import Analysis
import Foundation
import GRDB

/// Chooses the waiting events that are answered next.
enum SQLiteInboxTurns {
    /// Of a row of the table `inbox` that has no answer: this version can give one.
    static let condition = """
        set_aside_at IS NULL AND \(AnswerableRows.ofKnownForm)
            AND (waits_for IS NULL OR NOT EXISTS (
                SELECT 1 FROM sessions WHERE id = waits_for AND phase <> 'finished'
                    AND NOT (\(WorkableRows.condition))
            ))
        """

    private static let ready = "answered_at IS NULL AND held = 0 AND \(condition)"
    private static let held = "answered_at IS NULL AND held = 1 AND \(condition)"

    private static let sources = SQLiteGroups(
        table: "inbox",
        column: "source",
        rows: "answered_at IS NULL AND held = 0 AND source >= :source",
        isDue: ready
    )
    private static let fullSources = SQLiteGroups(
        table: "inbox",
        column: "source",
        rows: "answered_at IS NULL AND held = 1 AND source >= :source",
        isDue: held
    )

    /// The rows of up to `limit` events that are ready, and of held ones of sources that have room by now: in the order in
    /// which they came.
    static func rows(
        _ limit: Int,
        _ place: inout TurnPlace,
        _ places: inout SourcePlaces,
        in database: Database
    ) throws -> [Row] {
        let chosen = try ready(limit, &place, in: database) + held(limit, &place, &places, in: database)
        return try Row.fetchAll(
            database.cachedStatement(
                sql: """
                    SELECT sequence, event, received_at, plan FROM inbox
                    WHERE sequence IN (SELECT value FROM json_each(?)) ORDER BY sequence
                    """
            ),
            arguments: [String(decoding: try JSONEncoder().encode(chosen), as: UTF8.self)]
        )
    }

    private static func ready(_ limit: Int, _ place: inout TurnPlace, in database: Database) throws -> [Int64] {
        let first = try Int64.fetchAll(
            database.cachedStatement(sql: "SELECT sequence FROM inbox WHERE \(ready) ORDER BY sequence LIMIT ?"),
            arguments: [limit + 1]
        )
        guard first.count > limit else { return first }
        var turns = FairTurns(limit: limit, place: place)
        let search = FairTurns.Search(source: "", place: place.source, visits: turns.visits)
        let now = Timestamp(milliseconds: 0)
        let shares = turns.visited(sources: try sources.visit(search, atMost: limit, at: now, in: database))
        // Each event has a turn of its own, whatever its application: they are answered in their order.
        _ = turns.found(
            try shares.flatMap { share in
                try sequences(of: share.source, ready, atMost: share.sessions, in: database)
                    .map { TurnCandidate(id: "\($0)", source: share.source, application: "\($0)") }
            }
        )
        place = turns.place
        let chosen = turns.sessions.compactMap { Int64($0) }
        let known = Set(chosen)
        return Array((chosen + first.filter { !known.contains($0) }).prefix(limit))
    }

    /// The search goes on behind the source that was looked at last: sources that are full keep none behind them waiting.
    private static func held(
        _ limit: Int,
        _ place: inout TurnPlace,
        _ places: inout SourcePlaces,
        in database: Database
    ) throws -> [Int64] {
        let search = FairTurns.Search(source: "", place: place.fullSource, visits: limit)
        let now = Timestamp(milliseconds: 0)
        var chosen: [Int64] = []
        for group in try fullSources.visit(search, atMost: limit, at: now, in: database) where chosen.count < limit {
            place.fullSource = group.name
            try count(group.name, &places, in: database)
            let room = min(places.left(of: group.name), limit - chosen.count)
            if room > 0 { chosen += try sequences(of: group.name, held, atMost: room, in: database) }
        }
        return chosen
    }

    /// Counts the unfinished sessions of a source, where that is needed.
    static func count(_ source: String, _ places: inout SourcePlaces, in database: Database) throws {
        guard let maximum = places.maximum, places.isUnknown(source) else { return }
        let statement = try database.cachedStatement(
            sql: """
                SELECT count(*) FROM (
                    SELECT 1 FROM sessions WHERE source = ? AND phase <> 'finished' LIMIT ?
                )
                """
        )
        places.set(try Int.fetchOne(statement, arguments: [source, maximum]) ?? 0, of: source)
    }

    private static func sequences(
        of source: String,
        _ condition: String,
        atMost most: Int,
        in database: Database
    ) throws -> [Int64] {
        try Int64.fetchAll(
            database.cachedStatement(
                sql: "SELECT sequence FROM inbox WHERE source = ? AND \(condition) ORDER BY sequence LIMIT ?"
            ),
            arguments: [source, most]
        )
    }
}
