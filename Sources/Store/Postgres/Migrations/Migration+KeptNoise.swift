extension Migration {
    /// An older server learns noise for each analysis anew.
    static let keptNoise = Migration(
        version: 13,
        name: "noise of metrics",
        oldestServer: 1,
        script: """
            CREATE TABLE metric_noise (
                application text COLLATE "C" NOT NULL,
                environment text COLLATE "C" NOT NULL,
                metric text COLLATE "C" NOT NULL,
                digest text COLLATE "C" NOT NULL,
                learned_at bigint NOT NULL,
                noise bytea NOT NULL,
                PRIMARY KEY (application, environment, metric, digest)
            );
            CREATE INDEX metric_noise_learned ON metric_noise (learned_at);
            """
    )
}
