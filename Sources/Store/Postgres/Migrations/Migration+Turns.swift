extension Migration {
    /// A server of version 0.1.0 leaves the column out: its sessions are of the source without a name.
    static let turns = Migration(
        version: 10,
        name: "event sources of analyses",
        oldestServer: 1,
        script: """
            ALTER TABLE sessions ADD COLUMN source text COLLATE "C" NOT NULL DEFAULT '';
            CREATE INDEX sessions_of_source ON sessions (source, (wake_at + 0)) WHERE phase <> 'finished';
            CREATE INDEX sessions_of_source_and_application
                ON sessions (source, application COLLATE "C", (wake_at + 0)) WHERE phase <> 'finished';
            """
    )
}
