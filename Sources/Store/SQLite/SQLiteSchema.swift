import GRDB

/// The tables of the embedded store. Migrations are only ever added; one that has shipped is never changed.
enum SQLiteSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 inbox, sessions, samples, verdicts, outbox") { database in
            try database.execute(
                sql: """
                    CREATE TABLE inbox (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                        source TEXT NOT NULL,
                        event_id TEXT NOT NULL,
                        received_at INTEGER NOT NULL,
                        event BLOB NOT NULL,
                        answered_at INTEGER,
                        outcome TEXT,
                        UNIQUE (source, event_id)
                    );
                    CREATE INDEX inbox_unanswered ON inbox (sequence) WHERE answered_at IS NULL;

                    CREATE TABLE sessions (
                        id TEXT PRIMARY KEY,
                        application TEXT NOT NULL,
                        environment TEXT NOT NULL,
                        release_version TEXT NOT NULL,
                        phase TEXT NOT NULL,
                        opened_at INTEGER NOT NULL,
                        wake_at INTEGER,
                        state BLOB NOT NULL,
                        version INTEGER NOT NULL DEFAULT 1,
                        lease_owner TEXT,
                        lease_until INTEGER
                    ) WITHOUT ROWID;
                    CREATE INDEX sessions_due ON sessions (wake_at) WHERE phase <> 'finished';
                    CREATE INDEX sessions_of_release ON sessions (application, environment, opened_at);
                    CREATE INDEX sessions_by_time ON sessions (opened_at);

                    CREATE TABLE samples (
                        session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                        metric INTEGER NOT NULL,
                        side TEXT NOT NULL,
                        first_at INTEGER NOT NULL,
                        step INTEGER NOT NULL,
                        sample_values BLOB NOT NULL,
                        PRIMARY KEY (session, first_at, metric, side)
                    ) WITHOUT ROWID;

                    CREATE TABLE verdicts (
                        session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                        id TEXT NOT NULL,
                        decided_at INTEGER NOT NULL,
                        verdict BLOB NOT NULL,
                        PRIMARY KEY (session, id)
                    ) WITHOUT ROWID;

                    CREATE TABLE outbox (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                        sink TEXT NOT NULL,
                        id TEXT NOT NULL,
                        message_key TEXT NOT NULL,
                        payload BLOB NOT NULL,
                        created_at INTEGER NOT NULL,
                        due_at INTEGER NOT NULL,
                        attempts INTEGER NOT NULL DEFAULT 0,
                        settled_at INTEGER,
                        reference TEXT,
                        error TEXT,
                        UNIQUE (sink, id)
                    );
                    CREATE INDEX outbox_pending ON outbox (sink, sequence) WHERE settled_at IS NULL;
                    CREATE INDEX outbox_order ON outbox (sink, message_key, sequence) WHERE settled_at IS NULL;
                    """
            )
        }
        migrator.registerMigration("2 releases, shards of the outbox, replicas") { database in
            try database.execute(
                sql: """
                    CREATE TABLE releases (
                        application TEXT NOT NULL,
                        environment TEXT NOT NULL,
                        timeline BLOB NOT NULL,
                        PRIMARY KEY (application, environment)
                    ) WITHOUT ROWID;

                    ALTER TABLE outbox ADD COLUMN shard INTEGER NOT NULL DEFAULT 0;
                    DROP INDEX outbox_pending;
                    DROP INDEX outbox_order;
                    CREATE INDEX outbox_pending ON outbox (sink, shard, sequence) WHERE settled_at IS NULL;
                    CREATE INDEX outbox_order ON outbox (sink, shard, message_key, sequence) WHERE settled_at IS NULL;

                    CREATE TABLE outbox_shards (
                        sink TEXT NOT NULL,
                        shard INTEGER NOT NULL,
                        fence INTEGER NOT NULL DEFAULT 0,
                        owner TEXT,
                        lease_until INTEGER,
                        PRIMARY KEY (sink, shard)
                    ) WITHOUT ROWID;

                    CREATE TABLE replicas (
                        name TEXT PRIMARY KEY,
                        relays INTEGER NOT NULL,
                        started_at INTEGER NOT NULL,
                        alive_until INTEGER NOT NULL
                    ) WITHOUT ROWID;
                    """
            )
            let keys = try String.fetchAll(
                database,
                sql: "SELECT DISTINCT message_key FROM outbox WHERE settled_at IS NULL"
            )
            for key in keys {
                try database.execute(
                    sql: "UPDATE outbox SET shard = ? WHERE message_key = ?",
                    arguments: [OutboxShard.of(key: key), key]
                )
            }
        }
        migrator.registerMigration("3 transitions") { database in
            try database.execute(
                sql: """
                    CREATE TABLE transitions (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                        session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                        transition BLOB NOT NULL
                    );
                    CREATE INDEX transitions_of_session ON transitions (session, sequence);
                    CREATE INDEX inbox_answered ON inbox (answered_at) WHERE answered_at IS NOT NULL;
                    CREATE INDEX outbox_settled ON outbox (settled_at) WHERE settled_at IS NOT NULL;
                    """
            )
        }
        migrator.registerMigration("4 due sessions without reading their states") { database in
            try database.execute(
                sql: """
                    DROP INDEX sessions_due;
                    CREATE INDEX sessions_due ON sessions (wake_at, lease_until, phase) WHERE phase <> 'finished';
                    CREATE INDEX sessions_leased ON sessions (lease_until, wake_at)
                        WHERE lease_until IS NOT NULL AND phase <> 'finished';
                    """
            )
        }
        return migrator
    }
}
