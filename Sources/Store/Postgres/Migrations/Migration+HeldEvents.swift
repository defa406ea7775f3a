extension Migration {
    /// A server of version 0.1.0 holds no event: it answers those that others hold.
    static let heldEvents = Migration(
        version: 11,
        name: "events that wait for a place of their source",
        oldestServer: 1,
        script: """
            ALTER TABLE inbox ADD COLUMN held int NOT NULL DEFAULT 0;
            CREATE INDEX inbox_ready ON inbox (sequence) WHERE answered_at IS NULL AND held = 0;
            CREATE INDEX inbox_of_source ON inbox (source COLLATE "C", sequence) WHERE answered_at IS NULL AND held = 0;
            CREATE INDEX inbox_held ON inbox (source COLLATE "C", sequence) WHERE answered_at IS NULL AND held = 1;
            """
    )
}
