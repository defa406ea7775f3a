extension Migration {
    /// An older server keeps no changes, and asks for none.
    static let knownChanges = Migration(
        version: 19,
        name: "changes",
        oldestServer: 1,
        script: """
            CREATE TABLE changes (
                sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                source text COLLATE "C" NOT NULL,
                event_id text COLLATE "C" NOT NULL,
                at bigint NOT NULL,
                application text COLLATE "C" NOT NULL,
                environment text COLLATE "C" NOT NULL,
                kind text COLLATE "C" NOT NULL,
                shared boolean NOT NULL,
                change bytea NOT NULL,
                UNIQUE (source, event_id)
            );
            CREATE INDEX changes_by_time ON changes (at, sequence);
            CREATE INDEX changes_of_application ON changes (application, at);
            CREATE INDEX changes_shared ON changes (at) WHERE shared;
            """
    )
}
