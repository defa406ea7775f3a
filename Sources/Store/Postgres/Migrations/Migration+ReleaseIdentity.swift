extension Migration {
    /// Columns may be null: a server of an older version leaves them out. A release without a cluster or namespace has
    /// empty text there.
    static let releaseIdentity = Migration(
        version: 3,
        name: "cluster and namespace of releases, originals of events",
        oldestServer: 1,
        script: """
            CREATE TABLE release_timelines (
                application text NOT NULL,
                environment text NOT NULL,
                cluster text NOT NULL,
                namespace text NOT NULL,
                timeline bytea NOT NULL,
                PRIMARY KEY (application, environment, cluster, namespace)
            );
            ALTER TABLE sessions ADD COLUMN cluster text, ADD COLUMN namespace text;
            ALTER TABLE inbox
                ADD COLUMN door text,
                ADD COLUMN format text,
                ADD COLUMN headers bytea,
                ADD COLUMN body bytea,
                ADD COLUMN plan bytea;
            """
    )
}
