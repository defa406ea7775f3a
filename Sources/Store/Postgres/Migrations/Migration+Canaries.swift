extension Migration {
    /// An older server has no Kayenta API, and leaves these tables alone.
    static let canaries = Migration(
        version: 18,
        name: "canaries of Kayenta's API",
        oldestServer: 1,
        script: """
            CREATE TABLE canary_documents (
                kind text COLLATE "C" NOT NULL,
                id text COLLATE "C" NOT NULL,
                changed_at bigint NOT NULL,
                summary bytea NOT NULL,
                body bytea NOT NULL,
                PRIMARY KEY (kind, id)
            );
            CREATE INDEX canary_documents_changed ON canary_documents (changed_at) WHERE kind <> 'config';
            CREATE TABLE canary_executions (
                id text COLLATE "C" PRIMARY KEY,
                kind text COLLATE "C" NOT NULL,
                application text COLLATE "C" NOT NULL,
                status text COLLATE "C" NOT NULL,
                built_at bigint NOT NULL,
                wake_at bigint,
                state bytea NOT NULL,
                version bigint NOT NULL DEFAULT 1,
                claims bigint NOT NULL DEFAULT 0,
                lease_owner text COLLATE "C",
                lease_until bigint
            );
            CREATE INDEX canary_executions_due ON canary_executions (wake_at, lease_until) WHERE wake_at IS NOT NULL;
            CREATE INDEX canary_executions_of_application
                ON canary_executions (kind, application, built_at DESC, id DESC);
            CREATE INDEX canary_executions_finished ON canary_executions (built_at) WHERE wake_at IS NULL;
            """
    )
}
