extension Migration {
    static let releaseResets = Migration(
        version: 8,
        name: "what was forgotten about releases",
        oldestServer: 1,
        script: """
            CREATE TABLE release_resets (
                sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                application text NOT NULL,
                environment text,
                at bigint NOT NULL,
                by_whom text NOT NULL,
                reason text NOT NULL
            );
            """
    )
}
