extension Migration {
    /// Version 0.1.0 keeps no actions, so its servers miss nothing of the constraint that goes.
    static let actionSources = Migration(
        version: 9,
        name: "whose rollout actions",
        oldestServer: 1,
        script: """
            ALTER TABLE rollout_actions
                ADD COLUMN source text NOT NULL DEFAULT '', ADD COLUMN outcome text NOT NULL DEFAULT '';
            UPDATE rollout_actions SET
                source = coalesce(convert_from(event, 'UTF8')::json ->> 'source', ''),
                outcome = coalesce(convert_from(event, 'UTF8')::json -> 'data' ->> 'outcome', '');
            ALTER TABLE rollout_actions DROP CONSTRAINT rollout_actions_id_at_key, ADD UNIQUE (id, at, source);

            CREATE TABLE dropped_actions (
                session text COLLATE "C" PRIMARY KEY REFERENCES sessions (id) ON DELETE CASCADE,
                dropped bigint NOT NULL
            );
            """
    )
}
