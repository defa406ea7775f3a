extension Migration {
    static let readerLeases = Migration(
        version: 7,
        name: "one process for each reader of verdicts",
        oldestServer: 1,
        script: """
            CREATE TABLE reader_leases (
                reader text PRIMARY KEY,
                holder text NOT NULL,
                lease_until bigint NOT NULL
            );
            """
    )
}
