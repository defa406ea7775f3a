import HTTPTestServer
import Logging
import Postgres
import PostgresTestServer
import Testing

/// TLS, client certificates and passwords against a real server, with certificates made on the spot.
@Suite(
    .enabled(if: PostgresTestServer.missing == nil, Comment(rawValue: PostgresTestServer.missing ?? "")),
    .enabled(if: TestCertificates.isPossible, "needs the Debian package openssl"),
    .timeLimit(.minutes(5))
)
struct PostgresTLSTests {
    /// A server that only takes TLS: `certified` and others by certificate, `scram` by password.
    final class Server: Sendable {
        let certificates: TestCertificates
        let server: PostgresTestServer
        let port: UInt16

        init() async throws {
            certificates = try await TestCertificates.make()
            port = try LoopbackSocket.freePort()
            server = try await PostgresTestServer.start(
                settings: ["listen_addresses": "'127.0.0.1'", "port": "\(port)"],
                access: [
                    "hostssl all assay 127.0.0.1/32 cert", "hostssl all other 127.0.0.1/32 cert",
                    "hostssl all scram 127.0.0.1/32 scram-sha-256", "hostnossl all all all reject",
                ]
            )
            for (name, file) in [("tls.pem", "server.pem"), ("tls.key", "server.key"), ("ca.pem", "ca.pem")] {
                try server.write(try certificates.text(file), to: name)
            }
            let statements = [
                "ALTER SYSTEM SET ssl_cert_file = 'tls.pem'", "ALTER SYSTEM SET ssl_key_file = 'tls.key'",
                "ALTER SYSTEM SET ssl_ca_file = 'ca.pem'", "ALTER SYSTEM SET ssl = on",
                "CREATE ROLE scram LOGIN PASSWORD 'correct'", "CREATE ROLE other LOGIN",
            ]
            for statement in statements { try await server.execute(statement, in: "postgres", port: port) }
            // A server that cannot use its files keeps running without TLS; starting again would show why.
            try await server.stop(immediately: false)
            try await server.start()
        }

        func connection(_ options: String, host: String = "127.0.0.1") -> String {
            let expanded = options.replacing("FILES/", with: certificates.path("") + "/")
            return "host=\(host) port=\(port) dbname=postgres sslmode=verify-full \(expanded)"
        }
    }

    private static let trusted = "sslrootcert=FILES/ca.pem"
    private static let certificate = "sslcert=FILES/client.pem sslkey=FILES/client.key"

    /// What a connection is made with, and how it ends: nil when it works, else a part of the error's text.
    private static let cases: [(options: String, host: String, refusal: String?)] = [
        ("\(trusted) \(certificate) user=assay", "127.0.0.1", nil),
        ("\(trusted) user=scram password=correct", "127.0.0.1", nil),
        ("sslrootcert=FILES/other.pem \(certificate) user=assay", "127.0.0.1", "certificate verify failed"),
        ("\(trusted) \(certificate) user=assay", "localhost", "does not match host name \"localhost\""),
        ("sslrootcert=FILES/none.pem user=scram password=correct", "127.0.0.1", "none.pem\" does not exist"),
        ("\(trusted) user=assay", "127.0.0.1", "requires a valid client certificate"),
        (
            "\(trusted) sslcert=FILES/stranger.pem sslkey=FILES/stranger.key user=assay", "127.0.0.1",
            "unknown ca"
        ),
        ("\(trusted) \(certificate) user=other", "127.0.0.1", "certificate authentication failed for user \"other\""),
        ("\(trusted) user=scram password=wrong", "127.0.0.1", "password authentication failed for user \"scram\""),
        ("sslmode=disable user=scram password=correct", "127.0.0.1", "pg_hba.conf rejects connection"),
    ]

    @Test func `verify-full, client certificates and passwords work, or say why not`() async throws {
        let server = try await Server()
        await withTaskGroup { group in
            for (options, host, refusal) in Self.cases {
                group.addTask {
                    do {
                        let configuration = try PostgresConfiguration(
                            connectionString: server.connection(options, host: host)
                        )
                        #expect(try await Self.isEncrypted(configuration), "\(options)")
                        #expect(refusal == nil, "\(options)")
                    } catch {
                        let text = "\(error)"
                        let isExpected = refusal.map { text.lowercased().contains($0.lowercased()) } ?? false
                        #expect(isExpected, "\(options): \(text)")
                        #expect(!text.contains("correct") && !text.contains("wrong"), "\(text)")
                    }
                }
            }
        }
    }

    @Test func `a password that is replaced is used at the next connection`() async throws {
        let server = try await Server()
        let password = Replaceable("correct")
        let configuration = try PostgresConfiguration(
            connectionString: server.connection("\(Self.trusted) user=scram"),
            password: { password.value }
        )
        #expect(try await Self.isEncrypted(configuration))
        try await server.server.execute("ALTER ROLE scram PASSWORD 'replaced'", in: "postgres", port: server.port)
        let refused = try await postgresError { _ = try await Self.isEncrypted(configuration) }
        #expect(refused.code == .authentication)
        password.value = "replaced"
        #expect(try await Self.isEncrypted(configuration))
    }

    /// Asks the server over a connection of its own.
    private static func isEncrypted(_ configuration: PostgresConfiguration) async throws -> Bool {
        var limits = PostgresPoolLimits()
        limits.acquireTimeout = .seconds(2)
        let pool = PostgresPool(configuration: configuration, limits: limits, logger: Logger(label: "test"))
        do {
            let isEncrypted = try await pool.withConnection { connection in
                try await connection.queryFirst("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")?
                    .decode(0, as: Bool.self)
            }
            await pool.close()
            return isEncrypted ?? false
        } catch {
            await pool.close()
            throw error
        }
    }
}
