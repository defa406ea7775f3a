extension Migration {
    /// An older server names no delivered notification, and looks for none.
    static let toldStates = Migration(
        version: 15,
        name: "what destinations were told last",
        oldestServer: 1,
        script: """
            CREATE INDEX outbox_told ON outbox (sink, message_key, sequence) WHERE reference IS NOT NULL;
            """
    )
}
