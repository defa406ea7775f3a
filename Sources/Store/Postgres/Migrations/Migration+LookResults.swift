extension Migration {
    /// An older server writes none, and pages show its looks without a colour.
    static let lookResults = Migration(
        version: 14,
        name: "results of looks",
        oldestServer: 1,
        script: """
            ALTER TABLE transitions ADD COLUMN result text COLLATE "C";
            """
    )
}
