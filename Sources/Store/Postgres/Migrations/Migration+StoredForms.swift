extension Migration {
    /// Columns may be null: a server of version 0.1.0 leaves them out.
    static let storedForms = Migration(
        version: 5,
        name: "forms of stored values, rows set aside, finished messages",
        oldestServer: 1,
        script: """
            ALTER TABLE sessions
                ADD COLUMN form int,
                ADD COLUMN judge text,
                ADD COLUMN set_aside_at bigint,
                ADD COLUMN set_aside_reason text;
            CREATE INDEX sessions_set_aside ON sessions (set_aside_at) WHERE set_aside_at IS NOT NULL;
            ALTER TABLE inbox
                ADD COLUMN set_aside_at bigint,
                ADD COLUMN set_aside_reason text,
                ADD COLUMN waits_for text,
                ADD COLUMN form int;
            CREATE INDEX inbox_set_aside ON inbox (set_aside_at) WHERE set_aside_at IS NOT NULL;
            ALTER TABLE outbox ADD COLUMN form int, ADD COLUMN headers bytea, ADD COLUMN body bytea;
            """
    )
}
