import Testing

@testable import Postgres

@Suite struct PostgresConfigurationTests {
    @Test(arguments: [
        ("postgres://me:secret@db.example:5433/assay?sslmode=verify-full", "postgres://me@db.example:5433/assay"),
        ("postgresql://a,b:5433/x", "postgres://a:,b:5433/x"),
        ("host=/run/pg dbname=assay user=me password=secret", "postgres://me@/run/pg/assay"),
        ("host=a,b port=1,2 dbname=x password='sec ret'", "postgres://a:1,b:2/x"),
        ("service=assay", "postgres:///?service=assay"),
        ("", "postgres:///"),
    ])
    func secretsAreNotShown(string: String, redacted: String) throws {
        let configuration = try PostgresConfiguration(connectionString: string)
        #expect(configuration.redacted == redacted.replacing("a:,b", with: "a,b"))
        #expect(!configuration.redacted.contains("sec"))
    }

    @Test(arguments: [
        "postgres://me:secret/x@db/assay", "postgres://me:pass@secret@db/assay", "host=a password",
        "host=a nonsense=secret", "host=a password='secret", "postgres://db/assay?secret=1", "host=a\0b",
        "postgres://me:secret@db:port/assay",
    ])
    func wrongStringsAreRefusedWithoutShowingThem(string: String) {
        do {
            _ = try PostgresConfiguration(connectionString: string)
            Issue.record("It was taken.")
        } catch {
            #expect(error.code == .configuration)
            #expect(!error.message.contains("secret"))
        }
    }

    @Test func ownSettingsYieldToTheConnectionString() throws {
        var configuration = try PostgresConfiguration(
            connectionString: "host=a application_name=mine options='-c work_mem=1MB'",
            password: { "secret" }
        )
        configuration.statementTimeout = .milliseconds(1500)
        let parameters = try configuration.parameters()
        let names = parameters.map(\.0)
        let connection = try #require(names.firstIndex(of: "dbname"))
        #expect(try #require(names.firstIndex(of: "application_name")) < connection)
        #expect(try #require(names.firstIndex(of: "password")) > connection)
        let options = try #require(parameters.first { $0.0 == "options" }?.1)
        #expect(options.contains("-c statement_timeout=1500 "))
        #expect(options.hasSuffix("-c TimeZone=UTC -c work_mem=1MB"))
    }

    @Test func anUnreadablePasswordIsAConfigurationError() throws {
        struct Unreadable: Error {}
        let configuration = try PostgresConfiguration(connectionString: "host=a", password: { throw Unreadable() })
        #expect { try configuration.parameters() } throws: { ($0 as? PostgresError)?.code == .configuration }
    }
}
