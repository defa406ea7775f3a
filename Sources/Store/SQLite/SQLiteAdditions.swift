import GRDB

/// What the tables have beyond those of version 0.1.0: only columns, tables and indexes that are added.
///
/// They are no migrations of `SQLiteSchema`: a process of version 0.1.0 refuses a file with a migration that it does not
/// know, although it works with more columns as with its own. So the version before can be put back.
enum SQLiteAdditions {
    private static let columns: [(table: String, name: String, type: String)] = [
        ("sessions", "form", "INTEGER"), ("sessions", "judge", "TEXT"),
        ("sessions", "set_aside_at", "INTEGER"), ("sessions", "set_aside_reason", "TEXT"),
        ("inbox", "set_aside_at", "INTEGER"), ("inbox", "set_aside_reason", "TEXT"), ("inbox", "waits_for", "TEXT"),
        ("inbox", "form", "INTEGER"), ("inbox", "timeline_form", "INTEGER"),
        ("outbox", "form", "INTEGER"), ("outbox", "headers", "BLOB"), ("outbox", "body", "BLOB"),
        ("sessions", "cluster", "TEXT"), ("sessions", "namespace", "TEXT"),
        ("inbox", "door", "TEXT"), ("inbox", "format", "TEXT"), ("inbox", "headers", "BLOB"), ("inbox", "body", "BLOB"),
        ("inbox", "plan", "BLOB"), ("sessions", "source", "TEXT NOT NULL DEFAULT ''"),
        ("inbox", "held", "INTEGER NOT NULL DEFAULT 0"), ("sessions", "result", "TEXT"),
    ]

    static func apply(to database: Database) throws {
        for column in columns {
            guard try !database.columns(in: column.table).contains(where: { $0.name == column.name }) else { continue }
            try database.execute(sql: "ALTER TABLE \(column.table) ADD COLUMN \(column.name) \(column.type)")
        }
        // Whether a session is due, and can be worked on, is known without reading its state.
        try database.execute(
            sql: """
                DROP INDEX IF EXISTS sessions_due;
                DROP INDEX IF EXISTS sessions_leased;
                CREATE INDEX IF NOT EXISTS sessions_workable
                    ON sessions (wake_at, lease_until, phase, set_aside_at, form, judge) WHERE phase <> 'finished';
                CREATE INDEX IF NOT EXISTS sessions_leased_workable
                    ON sessions (lease_until, wake_at, phase, set_aside_at, form, judge)
                    WHERE lease_until IS NOT NULL AND phase <> 'finished';
                CREATE INDEX IF NOT EXISTS sessions_of_source
                    ON sessions (source, wake_at, lease_until, phase, set_aside_at, form, judge, application)
                    WHERE phase <> 'finished';
                CREATE INDEX IF NOT EXISTS sessions_of_source_and_application
                    ON sessions (source, application, wake_at, lease_until, phase, set_aside_at, form, judge)
                    WHERE phase <> 'finished';
                CREATE INDEX IF NOT EXISTS sessions_set_aside ON sessions (set_aside_at)
                    WHERE set_aside_at IS NOT NULL;
                CREATE INDEX IF NOT EXISTS inbox_ready ON inbox (sequence) WHERE answered_at IS NULL AND held = 0;
                CREATE INDEX IF NOT EXISTS inbox_of_source ON inbox (source, sequence)
                    WHERE answered_at IS NULL AND held = 0;
                CREATE INDEX IF NOT EXISTS inbox_held ON inbox (source, sequence)
                    WHERE answered_at IS NULL AND held = 1;
                CREATE INDEX IF NOT EXISTS inbox_set_aside ON inbox (set_aside_at) WHERE set_aside_at IS NOT NULL;
                """
        )
        try addSources(to: database)
        // The index of all messages has a condition, which always holds and which only the readers of all messages name: the
        // search for due messages, also that of version 0.1.0, must go by the index of those that are not settled.
        try database.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS metric_states (
                    session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                    metric INTEGER NOT NULL,
                    state BLOB NOT NULL,
                    PRIMARY KEY (session, metric)
                ) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS metric_noise (
                    application TEXT NOT NULL,
                    environment TEXT NOT NULL,
                    metric TEXT NOT NULL,
                    digest TEXT NOT NULL,
                    learned_at INTEGER NOT NULL,
                    noise BLOB NOT NULL,
                    PRIMARY KEY (application, environment, metric, digest)
                ) WITHOUT ROWID;
                CREATE INDEX IF NOT EXISTS metric_noise_learned ON metric_noise (learned_at);
                CREATE TABLE IF NOT EXISTS release_timelines (
                    application TEXT NOT NULL,
                    environment TEXT NOT NULL,
                    cluster TEXT NOT NULL,
                    namespace TEXT NOT NULL,
                    timeline BLOB NOT NULL,
                    PRIMARY KEY (application, environment, cluster, namespace)
                ) WITHOUT ROWID;

                CREATE TABLE IF NOT EXISTS past_analyses (
                    id TEXT PRIMARY KEY,
                    application TEXT NOT NULL,
                    environment TEXT NOT NULL,
                    requested_at INTEGER NOT NULL,
                    finished_at INTEGER,
                    attempts INTEGER NOT NULL DEFAULT 0,
                    lease_owner TEXT,
                    lease_until INTEGER,
                    version INTEGER NOT NULL DEFAULT 1,
                    form INTEGER NOT NULL,
                    record BLOB NOT NULL,
                    samples BLOB
                );
                CREATE INDEX IF NOT EXISTS past_analyses_by_time ON past_analyses (requested_at);
                CREATE INDEX IF NOT EXISTS past_analyses_waiting ON past_analyses (requested_at, id)
                    WHERE finished_at IS NULL;

                CREATE INDEX IF NOT EXISTS outbox_of_shard ON outbox (sink, shard, sequence) WHERE sequence > 0;

                CREATE INDEX IF NOT EXISTS outbox_told ON outbox (sink, message_key, sequence)
                    WHERE reference IS NOT NULL;

                CREATE TABLE IF NOT EXISTS rollout_actions (\(actionColumns));
                CREATE TABLE IF NOT EXISTS dropped_actions (
                    session TEXT PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
                    dropped INTEGER NOT NULL
                ) WITHOUT ROWID;
                CREATE INDEX IF NOT EXISTS rollout_actions_of_session ON rollout_actions (session, sequence);

                CREATE TABLE IF NOT EXISTS verdict_readers (
                    reader TEXT PRIMARY KEY,
                    place TEXT NOT NULL
                ) WITHOUT ROWID;

                CREATE TABLE IF NOT EXISTS release_resets (
                    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                    application TEXT NOT NULL,
                    environment TEXT,
                    at INTEGER NOT NULL,
                    by_whom TEXT NOT NULL,
                    reason TEXT NOT NULL
                );

                CREATE TABLE IF NOT EXISTS changes (
                    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                    source TEXT NOT NULL,
                    event_id TEXT NOT NULL,
                    at INTEGER NOT NULL,
                    application TEXT NOT NULL,
                    environment TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    shared INTEGER NOT NULL,
                    change BLOB NOT NULL,
                    UNIQUE (source, event_id)
                );
                CREATE INDEX IF NOT EXISTS changes_by_time ON changes (at, sequence);
                CREATE INDEX IF NOT EXISTS changes_of_application ON changes (application, at);
                CREATE INDEX IF NOT EXISTS changes_shared ON changes (at) WHERE shared = 1;

                CREATE TABLE IF NOT EXISTS reader_leases (
                    reader TEXT PRIMARY KEY,
                    holder TEXT NOT NULL,
                    lease_until INTEGER NOT NULL
                ) WITHOUT ROWID;
                """
        )
        try database.execute(sql: canaries)
    }

    /// Of Kayenta's API.
    private static let canaries = """
        CREATE TABLE IF NOT EXISTS canary_documents (
            kind TEXT NOT NULL,
            id TEXT NOT NULL,
            changed_at INTEGER NOT NULL,
            summary BLOB NOT NULL,
            body BLOB NOT NULL,
            PRIMARY KEY (kind, id)
        );
        CREATE INDEX IF NOT EXISTS canary_documents_changed ON canary_documents (changed_at) WHERE kind <> 'config';
        CREATE TABLE IF NOT EXISTS canary_executions (
            id TEXT PRIMARY KEY,
            kind TEXT NOT NULL,
            application TEXT NOT NULL,
            status TEXT NOT NULL,
            built_at INTEGER NOT NULL,
            wake_at INTEGER,
            state BLOB NOT NULL,
            version INTEGER NOT NULL DEFAULT 1,
            claims INTEGER NOT NULL DEFAULT 0,
            lease_owner TEXT,
            lease_until INTEGER
        );
        CREATE INDEX IF NOT EXISTS canary_executions_due ON canary_executions (wake_at, lease_until)
            WHERE wake_at IS NOT NULL;
        CREATE INDEX IF NOT EXISTS canary_executions_of_application
            ON canary_executions (kind, application, built_at DESC, id DESC);
        CREATE INDEX IF NOT EXISTS canary_executions_finished ON canary_executions (built_at) WHERE wake_at IS NULL;
        """

    private static let actionColumns = """
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        source TEXT NOT NULL DEFAULT '',
        outcome TEXT NOT NULL DEFAULT '',
        at INTEGER NOT NULL,
        event BLOB NOT NULL,
        UNIQUE (id, at, source)
        """

    /// Builds of this version before its release had one action for an id and a time, and did not ask whose it was. A
    /// constraint cannot be changed: the rows go into a new table.
    private static func addSources(to database: Database) throws {
        guard try database.tableExists("rollout_actions"),
            try !database.columns(in: "rollout_actions").contains(where: { $0.name == "source" })
        else { return }
        try database.execute(
            sql: """
                DROP INDEX IF EXISTS rollout_actions_of_session;
                ALTER TABLE rollout_actions RENAME TO former_actions;
                CREATE TABLE rollout_actions (\(actionColumns));
                INSERT INTO rollout_actions (sequence, session, id, source, outcome, at, event)
                SELECT sequence, session, id, iif(json_valid(text), coalesce(json_extract(text, '$.source'), ''), ''),
                    iif(json_valid(text), coalesce(json_extract(text, '$.data.outcome'), ''), ''), at, event
                FROM (SELECT sequence, session, id, at, CAST(event AS TEXT) AS text, event FROM former_actions);
                DROP TABLE former_actions;
                """
        )
    }
}
