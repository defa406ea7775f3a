import Testing

@testable import Postgres

/// Whether a connection proves who answers, and what libpq is to insist on where it does not.
@Suite struct PostgresTrustTests {
    private static let builtIn = ["sslmode": "prefer"]

    @Test(arguments: [
        ("postgres://u:p@db.example.com/d", ["db.example.com"]),
        ("postgres://u:p@db.example.com/d?sslmode=disable", ["db.example.com"]),
        ("postgres://u:p@db.example.com/d?sslmode=require", ["db.example.com"]),
        ("postgres://u:p@db.example.com/d?sslmode=verify-ca", ["db.example.com"]),
        ("postgres://u:p@db.example.com/d?sslmode=verify-full", []),
        ("postgres://u:p@db.example.com/d?sslmode=require&channel_binding=require", []),
        ("postgres://u:p@db.example.com/d?gssencmode=require", []),
        ("host=/run/postgresql dbname=d", []), ("dbname=d", []), ("", []),
        ("host=localhost", []), ("host=127.0.0.1", []), ("host=::1", []), ("postgres://u@[::1]/d", []),
        ("host=localhost,db2,10.0.0.3 port=1,2,3", ["db2", "10.0.0.3"]),
        // The address counts where both are given.
        ("host=localhost hostaddr=10.0.0.1", ["10.0.0.1"]), ("host=db hostaddr=127.0.0.1", []),
        ("host=localhost.evil.example", ["localhost.evil.example"]),
        ("service=shop", ["service shop"]), ("service=shop sslmode=verify-full", []),
        ("service=shop host=localhost", []),
    ])
    func serversThatDoNotProveThemselves(connectionString: String, servers: [String]) throws {
        let configuration = try PostgresConfiguration(connectionString: connectionString)
        #expect(configuration.unprovenServers(defaults: Self.builtIn) == servers)
    }

    @Test func variablesCount() throws {
        let bare = try PostgresConfiguration(connectionString: "dbname=d")
        #expect(bare.unprovenServers(defaults: ["sslmode": "prefer", "host": "db"]) == ["db"])
        #expect(bare.unprovenServers(defaults: ["sslmode": "verify-full", "host": "db"]) == [])
        let weak = try PostgresConfiguration(connectionString: "host=db sslmode=require")
        #expect(weak.unprovenServers(defaults: ["sslmode": "verify-full"]) == ["db"])
    }

    @Test(
        arguments: [
            ("host=db password=p", 160_000, "scram-sha-256"), ("host=db password=p", 150_004, nil),
            ("host=db", 160_000, nil), ("host=localhost password=p", 160_000, nil),
            ("host=db password=p sslmode=verify-full", 160_000, nil),
            ("host=db password=p require_auth=md5", 170_000, nil),
        ] as [(String, Int, String?)]
    )
    func passwordsAreOnlyProvenToServersThatAreNotKnown(connectionString: String, version: Int, expected: String?)
        throws
    {
        // An older library refuses the keyword, as in the last of them.
        guard let configuration = try? PostgresConfiguration(connectionString: connectionString) else { return }
        #expect(
            configuration.requiredAuthentication(libraryVersion: version, defaults: Self.builtIn) == expected
        )
    }

    @Test func aPasswordFromAFileCounts() throws {
        let configuration = try PostgresConfiguration(connectionString: "host=db", password: { "p" })
        #expect(
            configuration.requiredAuthentication(libraryVersion: 160_000, defaults: Self.builtIn) == "scram-sha-256"
        )
    }

    @Test func aPasswordThatIsCutIntoADatabaseIsNotShown() {
        #expect(throws: PostgresError.self) { try PostgresConfiguration(connectionString: "postgres://u:12/34@db/x") }
    }
}
