extension Migration {
    /// An older server makes none of them, and reads none.
    static let pastAnalyses = Migration(
        version: 20,
        name: "analyses of past windows",
        oldestServer: 1,
        script: """
            CREATE TABLE past_analyses (
                id text COLLATE "C" PRIMARY KEY,
                application text COLLATE "C" NOT NULL,
                environment text COLLATE "C" NOT NULL,
                requested_at bigint NOT NULL,
                finished_at bigint,
                attempts int NOT NULL DEFAULT 0,
                lease_owner text,
                lease_until bigint,
                version bigint NOT NULL DEFAULT 1,
                form int NOT NULL,
                record bytea NOT NULL,
                samples bytea
            );
            CREATE INDEX past_analyses_by_time ON past_analyses (requested_at);
            CREATE INDEX past_analyses_waiting ON past_analyses (requested_at, id) WHERE finished_at IS NULL;
            """
    )
}
