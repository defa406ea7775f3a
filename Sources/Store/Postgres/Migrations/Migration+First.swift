extension Migration {
    /// Times are milliseconds since 1970. Values of the domain are JSON in bytes, so that every number stays as it is.
    static let first = Migration(
        version: 1,
        name: "inbox, releases, sessions, samples, verdicts, outbox, replicas",
        oldestServer: 1,
        script: """
            -- Ends the transaction when something was written or claimed by somebody else meanwhile.
            CREATE FUNCTION assay_expect(actual bigint, expected bigint) RETURNS void LANGUAGE plpgsql AS $$
            BEGIN
                IF actual IS DISTINCT FROM expected THEN
                    RAISE EXCEPTION 'written or claimed by somebody else' USING ERRCODE = 'ASY01';
                END IF;
            END $$;

            CREATE TABLE inbox (
                sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                source text NOT NULL,
                event_id text NOT NULL,
                received_at bigint NOT NULL,
                event bytea NOT NULL,
                answered_at bigint,
                outcome text,
                UNIQUE (source, event_id)
            );
            CREATE INDEX inbox_unanswered ON inbox (sequence) WHERE answered_at IS NULL;

            CREATE TABLE releases (
                application text NOT NULL,
                environment text NOT NULL,
                timeline bytea NOT NULL,
                PRIMARY KEY (application, environment)
            );

            CREATE TABLE sessions (
                id text COLLATE "C" PRIMARY KEY,
                application text NOT NULL,
                environment text NOT NULL,
                release_version text NOT NULL,
                phase text NOT NULL,
                opened_at bigint NOT NULL,
                wake_at bigint,
                state bytea NOT NULL,
                version bigint NOT NULL DEFAULT 1,
                lease_owner text,
                lease_until bigint
            ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 1);
            CREATE INDEX sessions_due ON sessions (wake_at) WHERE phase <> 'finished';
            CREATE INDEX sessions_leased ON sessions (lease_until) WHERE lease_until IS NOT NULL;
            CREATE INDEX sessions_of_release ON sessions (application, environment, opened_at);
            CREATE INDEX sessions_by_time ON sessions (opened_at DESC, id);

            -- One row holds all samples of a decision. By day of writing: retention drops whole partitions.
            CREATE TABLE samples (
                session text COLLATE "C" NOT NULL,
                recorded_at bigint NOT NULL,
                sequence bigint GENERATED ALWAYS AS IDENTITY,
                blocks bytea NOT NULL,
                PRIMARY KEY (session, recorded_at, sequence)
            ) PARTITION BY RANGE (recorded_at);
            -- Takes what no day was made for.
            CREATE TABLE samples_other PARTITION OF samples DEFAULT;

            CREATE TABLE verdicts (
                session text COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                id text NOT NULL,
                decided_at bigint NOT NULL,
                verdict bytea NOT NULL,
                PRIMARY KEY (session, id)
            );

            CREATE TABLE outbox (
                sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                sink text NOT NULL,
                shard int NOT NULL,
                id text NOT NULL,
                message_key text NOT NULL,
                payload bytea NOT NULL,
                created_at bigint NOT NULL,
                due_at bigint NOT NULL,
                attempts int NOT NULL DEFAULT 0,
                settled_at bigint,
                reference text,
                error text,
                UNIQUE (sink, id)
            ) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 1);
            CREATE INDEX outbox_pending ON outbox (sink, shard, sequence) WHERE settled_at IS NULL;
            CREATE INDEX outbox_order ON outbox (sink, shard, message_key, sequence) WHERE settled_at IS NULL;

            CREATE TABLE outbox_shards (
                sink text NOT NULL,
                shard int NOT NULL,
                fence bigint NOT NULL DEFAULT 0,
                owner text,
                lease_until bigint,
                PRIMARY KEY (sink, shard)
            );

            CREATE TABLE replicas (
                name text PRIMARY KEY,
                relays boolean NOT NULL,
                started_at bigint NOT NULL,
                alive_until bigint NOT NULL
            );
            """
    )
}
