extension Migration {
    /// For readers that follow all sessions: transitions in the order in which they were written.
    static let changes = Migration(
        version: 16,
        name: "transitions in order",
        oldestServer: 1,
        script: """
            CREATE INDEX transitions_in_order ON transitions (sequence);
            """
    )
}
