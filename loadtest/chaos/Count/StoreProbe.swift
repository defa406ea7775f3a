import Analysis
import LoadRig

/// Reads the replicas' tables from outside, with connections of its own.
struct StoreProbe: Sendable {
    /// Work that waits in the store.
    struct Backlog: Sendable, Equatable {
        var sessions: Int
        var events: Int
        var messages: Int

        var isEmpty: Bool { sessions == 0 && events == 0 && messages == 0 }

        /// The greater of each.
        func combined(with other: Backlog) -> Backlog {
            Backlog(
                sessions: max(sessions, other.sessions),
                events: max(events, other.events),
                messages: max(messages, other.messages)
            )
        }
    }

    private let postgres: PostgresServer

    init(_ postgres: PostgresServer) {
        self.postgres = postgres
    }

    /// Everything that is not done yet.
    func unfinished() async throws -> Backlog {
        try await backlog(
            """
            select (select count(*) from sessions where phase <> 'finished'),
                (select count(*) from inbox where answered_at is null),
                (select count(*) from outbox where settled_at is null)
            """
        )
    }

    /// Work that was due at `time`, or under way then, and is not done yet.
    func overdue(since time: Timestamp) async throws -> Backlog {
        let limit = time.milliseconds
        return try await backlog(
            """
            select (select count(*) from sessions where phase <> 'finished' and wake_at <= \(limit)),
                (select count(*) from inbox where answered_at is null and received_at <= \(limit)),
                (select count(*) from outbox where settled_at is null and created_at <= \(limit))
            """
        )
    }

    /// When deploy events were answered, by event id.
    func answered() async throws -> [String: Timestamp] {
        let rows = try await postgres.query("select event_id, answered_at from inbox where answered_at is not null")
        return rows.reduce(into: [:]) { answered, row in
            let columns = row.split(separator: "|")
            guard columns.count == 2, let time = Int64(columns[1]) else { return }
            answered[String(columns[0])] = Timestamp(milliseconds: time)
        }
    }

    /// Whether a connection answers the inbox, or appends to the outbox, and has been silent for `time`.
    ///
    /// Both are done under an advisory lock, which keeps the others from it.
    func isLockHeld(idleFor time: Duration) async throws -> Bool {
        let count = try await postgres.query(
            """
            select count(*) from pg_stat_activity activity join pg_locks locks using (pid)
            where locks.locktype = 'advisory' and locks.granted and activity.state like 'idle in transaction%'
                and activity.state_change < clock_timestamp() - interval '\(time.milliseconds) ms'
            """
        )
        return count.first != "0"
    }

    /// Rows of the inbox.
    func received() async throws -> Int {
        try await postgres.query("select count(*) from inbox").first.flatMap { Int($0) } ?? 0
    }

    private func backlog(_ sql: String) async throws -> Backlog {
        let columns = try await postgres.query(sql).first?.split(separator: "|").compactMap { Int($0) } ?? []
        guard columns.count == 3 else { throw RunFailure("the store's tables are not as expected") }
        return Backlog(sessions: columns[0], events: columns[1], messages: columns[2])
    }
}
