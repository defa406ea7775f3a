extension Migration {
    /// An older server leaves sessions of a judge that it does not have to others, and so has no states.
    static let metricStates = Migration(
        version: 12,
        name: "states of metrics",
        oldestServer: 1,
        script: """
            CREATE TABLE metric_states (
                session text COLLATE "C" NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
                metric int NOT NULL,
                state bytea NOT NULL,
                PRIMARY KEY (session, metric)
            ) WITH (fillfactor = 50);
            -- Each look writes the states anew: numbers that do not compress.
            ALTER TABLE metric_states ALTER COLUMN state SET STORAGE EXTERNAL;
            """
    )
}
