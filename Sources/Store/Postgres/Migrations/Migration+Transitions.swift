extension Migration {
    static let transitions = Migration(
        version: 2,
        name: "transitions, retention",
        oldestServer: 1,
        script: """
            CREATE TABLE transitions (
                session text COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                sequence bigint GENERATED ALWAYS AS IDENTITY,
                at bigint NOT NULL,
                replica text NOT NULL,
                cause text NOT NULL,
                from_phase text,
                to_phase text NOT NULL,
                look int NOT NULL,
                reason text NOT NULL,
                PRIMARY KEY (session, sequence)
            );
            CREATE INDEX inbox_answered ON inbox (answered_at) WHERE answered_at IS NOT NULL;
            CREATE INDEX outbox_settled ON outbox (settled_at) WHERE settled_at IS NOT NULL;
            """
    )
}
