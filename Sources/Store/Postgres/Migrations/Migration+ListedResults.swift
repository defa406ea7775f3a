extension Migration {
    /// An older server writes none: what its analyses came to is read from the analyses themselves.
    static let listedResults = Migration(
        version: 17,
        name: "results beside sessions",
        oldestServer: 1,
        script: """
            ALTER TABLE sessions ADD COLUMN result text;
            """
    )
}
