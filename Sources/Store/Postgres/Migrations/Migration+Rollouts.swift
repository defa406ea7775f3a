extension Migration {
    static let rollouts = Migration(
        version: 4,
        name: "verdicts in order, rollout actions",
        oldestServer: 1,
        script: """
            CREATE INDEX outbox_in_order ON outbox (sink, shard, sequence);

            CREATE TABLE rollout_actions (
                sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                session text COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                id text NOT NULL,
                at bigint NOT NULL,
                event bytea NOT NULL,
                UNIQUE (id, at)
            );
            CREATE INDEX rollout_actions_of_session ON rollout_actions (session, sequence);

            CREATE TABLE verdict_readers (
                reader text PRIMARY KEY,
                place text NOT NULL
            );
            """
    )
}
