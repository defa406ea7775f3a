import Analysis
import Foundation
import Judging
import Postgres
import StoredFormats

/// Turns changes into statements for one transaction: few of them, whatever is in the changes.
struct ChangeWriter {
    private var sessions: [PostgresStatement] = []
    private var others: [PostgresStatement] = []
    private var samples: [(session: String, blocks: [UInt8])] = []
    private var states: [StoredMetricState] = []
    private var noise: [StoredNoise] = []
    /// Sessions whose states are not needed any more.
    private var finished: [String] = []
    private var verdicts: [(verdict: Verdict, json: PostgresBytes)] = []
    private var messages: [OutboxMessage] = []
    private var transitions: [SessionTransition] = []
    private var releases: [KnownChange] = []

    mutating func add(_ change: StoreChange) throws {
        if !change.opened.isEmpty { sessions.append(try Self.open(change.opened)) }
        for stored in change.written { sessions.append(try Self.overwrite(stored)) }
        let blocks = Dictionary(grouping: change.samples, by: \.session)
        for id in blocks.keys.sorted() { samples.append((id, SampleBlockCodec.encode(blocks[id] ?? []))) }
        states += change.states
        noise += change.noise
        finished += change.written.filter { $0.session.phase == .finished }.map(\.session.id)
        for verdict in change.verdicts { verdicts.append((verdict, PostgresBytes(try change.storedForm(of: verdict)))) }
        messages += change.messages
        transitions += change.transitions
        releases += change.releases
    }

    /// What keeps events from being answered now.
    mutating func add(_ obstacles: [(sequence: Int64, obstacle: EventObstacle)]) {
        let columns = obstacles.map { ObstacleColumns($0.obstacle) }
        others.append(
            PostgresStatement(
                """
                UPDATE inbox SET
                    waits_for = coalesce(note.session, inbox.waits_for),
                    form = coalesce(note.form::int, inbox.form),
                    timeline_form = coalesce(note.timeline::int, inbox.timeline_form),
                    set_aside_at = CASE WHEN note.reason IS NOT NULL
                        THEN (extract(epoch FROM clock_timestamp()) * 1000)::bigint ELSE inbox.set_aside_at END,
                    set_aside_reason = coalesce(note.reason, inbox.set_aside_reason)
                FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::text[])
                    AS note (sequence, session, form, timeline, reason)
                WHERE inbox.sequence = note.sequence
                """,
                obstacles.map(\.sequence),
                columns.map(\.session),
                columns.map(\.form),
                columns.map(\.timeline),
                columns.map(\.reason)
            )
        )
    }

    private struct ObstacleColumns {
        var session: String?
        var form: Int64?
        var timeline: Int64?
        var reason: String?

        init(_ obstacle: EventObstacle) {
            switch obstacle {
            case .session(let id): session = id
            case .newerEvent(let form): self.form = Int64(Int32(clamping: form))
            case .newerTimeline(let form): timeline = Int64(Int32(clamping: form))
            case .unreadable(let reason): self.reason = reason.storable
            }
        }
    }

    /// Sessions that turn out not to be workable here.
    mutating func add(_ rows: [UnworkableRow]) {
        for row in rows { sessions.append(row.statement) }
    }

    /// What is known about each release. Of those of one application in one environment, each holds what they share.
    mutating func add(_ histories: [ReleaseIdentity: ReleaseHistory], shared: [ReleaseKey: SharedTimeline]) throws {
        let releases = histories.keys.sorted()
        others.append(
            try PostgresStatement(
                """
                INSERT INTO release_timelines (application, environment, cluster, namespace, timeline)
                SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[])
                ON CONFLICT (application, environment, cluster, namespace) DO UPDATE SET timeline = excluded.timeline
                """,
                releases.map(\.application),
                releases.map(\.environment),
                releases.map { $0.cluster ?? "" },
                releases.map { $0.namespace ?? "" },
                releases.map { try PostgresBytes(ReleaseTimelineForm.write(histories[$0]?.own ?? ReleaseTimeline())) }
            )
        )
        let keys = shared.keys.sorted { ($0.application, $0.environment) < ($1.application, $1.environment) }
        others.append(
            try PostgresStatement(
                """
                INSERT INTO releases (application, environment, timeline)
                SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[])
                ON CONFLICT (application, environment) DO UPDATE SET timeline = excluded.timeline
                """,
                keys.map(\.application),
                keys.map(\.environment),
                keys.map { try PostgresBytes(SharedTimelineForm.write(shared[$0] ?? SharedTimeline())) }
            )
        )
    }

    /// Events that wait for a place of their source.
    mutating func hold(_ sequences: [Int64]) {
        others.append(PostgresStatement("UPDATE inbox SET held = 1 WHERE sequence = ANY($1::bigint[])", sequences))
    }

    /// What became of events of the inbox.
    mutating func add(_ notes: [(sequence: Int64, outcome: String, at: Int64)]) {
        others.append(
            PostgresStatement(
                """
                UPDATE inbox SET answered_at = note.at, outcome = note.outcome
                FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS note (sequence, outcome, at)
                WHERE inbox.sequence = note.sequence
                """,
                notes.map(\.sequence),
                notes.map(\.outcome.storable),
                notes.map(\.at)
            )
        )
    }

    /// In the order in which they must be run. Messages come last: they are numbered under a lock that orders them as
    /// they are committed, and it should be held shortly.
    func statements() throws -> [PostgresStatement] {
        var statements = sessions
        if !samples.isEmpty { statements.append(insertSamples) }
        if !states.isEmpty { statements.append(writeStates) }
        if !finished.isEmpty { statements.append(deleteStates) }
        statements += NoiseWriter(noise: noise).statements
        if !verdicts.isEmpty { statements.append(insertVerdicts) }
        if !transitions.isEmpty { statements.append(insertTransitions) }
        if !releases.isEmpty { statements.append(try PostgresStore.insertion(of: releases)) }
        return try statements + others + Self.insert(messages)
    }

    // MARK: - Sessions

    private static func open(_ sessions: [AnalysisSession]) throws -> PostgresStatement {
        try PostgresStatement(
            """
            INSERT INTO sessions (
                id, application, environment, cluster, namespace, release_version, phase, opened_at, wake_at, state, judge,
                source, result, form
            ) SELECT *, $14::int FROM unnest(
                $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[],
                $9::bigint[], $10::bytea[], $11::text[], $12::text[], $13::text[]
            ) ON CONFLICT (id) DO NOTHING
            """,
            sessions.map(\.id),
            sessions.map(\.event.application),
            sessions.map(\.event.environment),
            sessions.map { $0.event.cluster ?? "" },
            sessions.map { $0.event.namespace ?? "" },
            sessions.map(\.event.version),
            sessions.map(\.phase.rawValue),
            sessions.map(\.openedAt.milliseconds),
            sessions.map { $0.wakeAt?.milliseconds },
            sessions.map { PostgresBytes(try SessionForm.write($0)) },
            sessions.map(\.plan.judge.storable),
            sessions.map(\.event.identity.source.storable),
            sessions.map { $0.finalVerdict?.result.rawValue },
            Int32(SessionForm.newest)
        )
    }

    /// Writes only over the version that was read: a claim or write by another replica in between makes it a conflict.
    private static func overwrite(_ stored: StoredSession) throws -> PostgresStatement {
        let state = PostgresBytes(try SessionForm.write(stored.session))
        return PostgresStatement(
            """
            WITH written AS (
                UPDATE sessions
                SET phase = $1, wake_at = $2, state = $3, form = $6, judge = $7, result = $8,
                    version = version + 1, lease_owner = NULL, lease_until = NULL, set_aside_at = NULL, set_aside_reason = NULL
                WHERE id = $4 AND version = $5
                RETURNING 1
            )
            SELECT assay_expect((SELECT count(*) FROM written), 1)
            """,
            stored.session.phase.rawValue,
            stored.session.wakeAt?.milliseconds,
            state,
            stored.session.id,
            stored.version,
            Int32(SessionForm.newest),
            stored.session.plan.judge.storable,
            stored.session.finalVerdict?.result.rawValue
        )
    }

    // MARK: - The rest

    private var insertSamples: PostgresStatement {
        PostgresStatement(
            """
            INSERT INTO samples (session, recorded_at, blocks)
            SELECT session, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, blocks
            FROM unnest($1::text[], $2::bytea[]) AS given (session, blocks)
            """,
            samples.map(\.session),
            samples.map { PostgresBytes($0.blocks) }
        )
    }

    private var writeStates: PostgresStatement {
        PostgresStatement(
            """
            INSERT INTO metric_states (session, metric, state)
            SELECT * FROM unnest($1::text[], $2::int[], $3::bytea[])
            ON CONFLICT (session, metric) DO UPDATE SET state = excluded.state
            """,
            states.map(\.session),
            states.map { Int32(clamping: $0.metric) },
            states.map { PostgresBytes($0.bytes) }
        )
    }

    private var deleteStates: PostgresStatement {
        PostgresStatement("DELETE FROM metric_states WHERE session = ANY($1::text[])", finished)
    }

    private var insertVerdicts: PostgresStatement {
        PostgresStatement(
            """
            INSERT INTO verdicts (session, id, decided_at, verdict)
            SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bytea[])
            ON CONFLICT (session, id) DO NOTHING
            """,
            verdicts.map(\.verdict.session),
            verdicts.map(\.verdict.id),
            verdicts.map(\.verdict.decidedAt.milliseconds),
            verdicts.map(\.json)
        )
    }

    private var insertTransitions: PostgresStatement {
        PostgresStatement(
            """
            INSERT INTO transitions (session, at, replica, cause, from_phase, to_phase, look, reason, result)
            SELECT session, at, replica, cause, from_phase, to_phase, look, reason, result
            FROM unnest(
                $1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[]
            ) WITH ORDINALITY AS given (session, at, replica, cause, from_phase, to_phase, look, reason, result, place)
            ORDER BY place
            """,
            transitions.map(\.session),
            transitions.map(\.at.milliseconds),
            transitions.map(\.replica),
            transitions.map(\.cause.rawValue),
            transitions.map { $0.from?.rawValue },
            transitions.map(\.to.rawValue),
            transitions.map { Int32(clamping: $0.look) },
            transitions.map(\.reason.storable),
            transitions.map { $0.result?.rawValue }
        )
    }

    /// One lock for each shard that is written to, always in the same order, so that within a shard the numbers rise in
    /// the order of the commits: a reader never sees a message before one with a smaller number.
    static func insert(_ messages: [OutboxMessage]) throws -> [PostgresStatement] {
        guard !messages.isEmpty else { return [] }
        let shards = Set(messages.map { ShardKey(sink: $0.sink, shard: $0.shard) }).map(\.lock).sorted()
        let insert = PostgresStatement(
            """
            INSERT INTO outbox (sink, shard, id, message_key, payload, created_at, due_at, headers, body, form)
            SELECT sink, shard, id, message_key, payload, created_at, created_at, headers, body, $9::int
            FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::bytea[], $6::bigint[], $7::bytea[], $8::bytea[])
                WITH ORDINALITY AS given (sink, shard, id, message_key, payload, created_at, headers, body, place)
            ORDER BY place
            ON CONFLICT (sink, id) DO NOTHING
            """,
            messages.map(\.sink.rawValue),
            messages.map { Int32($0.shard) },
            messages.map(\.id),
            messages.map(\.key),
            messages.map { PostgresBytes($0.payload) },
            messages.map(\.createdAt.milliseconds),
            try messages.map { try $0.content.map { PostgresBytes(try MessageHeaders.write($0.headers)) } },
            messages.map { $0.content.map { PostgresBytes($0.body) } },
            Int32(KnownForms.message)
        )
        return shards.map { PostgresStatement("SELECT pg_advisory_xact_lock($1)", $0) } + [insert]
    }

    private struct ShardKey: Hashable {
        var sink: OutboxSink
        var shard: Int

        /// The number of the advisory lock; apart from those of migrations and answers.
        var lock: Int64 {
            // A sink that is not known here has no lock of its own; it shares the last one.
            let sink = OutboxSink.allCases.firstIndex(of: sink) ?? OutboxSink.allCases.count
            return 0x0073_6861_7264_0000 + Int64(sink * OutboxShard.count + shard)
        }
    }
}

extension PostgresBytes {
    init(json value: some Encodable) throws {
        self.init(try DomainJSON.encode(value))
    }
}

extension String {
    /// Postgres stores no NUL characters; what others report may have some.
    var storable: String { contains("\0") ? replacing("\0", with: "\u{FFFD}") : self }
}
