package import Foundation
import Glibc
import Synchronization

/// A Postgres of this process's own, in a temporary directory and on a Unix socket. It ends with the process, however
/// that ends.
///
/// A server refuses to run as root: then it runs as the user `postgres`.
package final class PostgresTestServer: Sendable {
    /// The directory that holds all, and the socket.
    package let directory: String
    private let binaries: String
    private let guardian: ServerGuard
    private let databases = Atomic(0)

    /// Says why tests with a server are skipped; nil when they can run.
    package static let missing: String? =
        PostgresBinaries.find() == nil
        ? "The programs of a Postgres server are not installed (Debian: postgresql; scripts/setup installs it)." : nil

    private static let sharedServer = Task { try await PostgresTestServer.start() }

    /// The server that all tests of this process share; tests that stop it make their own.
    package static var shared: PostgresTestServer {
        get async throws { try await self.sharedServer.value }
    }

    private init(directory: String, binaries: String) throws {
        self.directory = directory
        self.binaries = binaries
        self.guardian = try ServerGuard(directory: directory, binaries: binaries)
    }

    /// Makes a cluster and starts it. It never waits for the disk, and so loses data when the machine crashes (not when
    /// the server does).
    ///
    /// - Parameter access: lines of `pg_hba.conf` that go before the others.
    package static func start(
        settings: [String: String] = [:],
        access: [String] = []
    ) async throws -> PostgresTestServer {
        guard let binaries = PostgresBinaries.find() else {
            throw PostgresTestServerError(description: self.missing ?? "")
        }
        let directory = try TemporaryDirectory.make(owner: PostgresBinaries.user)
        let server = try PostgresTestServer(directory: directory, binaries: binaries)
        try await server.run(
            "initdb",
            "-D",
            server.data,
            "-U",
            "assay",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync"
        )
        try server.configure(settings, access)
        try await server.start()
        return server
    }

    private var data: String { self.directory + "/data" }

    private func configure(_ settings: [String: String], _ access: [String]) throws {
        var all = [
            "unix_socket_directories": "'\(self.directory)'",
            "listen_addresses": "''",
            "max_connections": "100",
            "shared_buffers": "32MB",
            "fsync": "off",
            "full_page_writes": "off",
            // Tests make deadlocks on purpose.
            "deadlock_timeout": "100ms",
            "log_statement": "none",
        ]
        all.merge(settings) { _, own in own }
        let lines = all.map { "\($0.key) = \($0.value)" }.sorted().joined(separator: "\n")
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: self.data + "/postgresql.conf"))
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data(("\n" + lines + "\n").utf8))
        // Members of the role `scram` need a password.
        let rules = access + ["local all +scram scram-sha-256", "local all all trust"]
        let text = rules.map { $0 + "\n" }.joined()
        try Data(text.utf8).write(to: URL(fileURLWithPath: self.data + "/pg_hba.conf"))
    }

    /// Writes a file into the directory of the cluster that only the server may read.
    package func write(_ text: String, to name: String) throws {
        let path = self.data + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        guard chmod(path, 0o600) == 0 else { throw PostgresTestServerError(description: "\(name) cannot be locked.") }
        guard let user = PostgresBinaries.user else { return }
        guard let entry = getpwnam(user), chown(path, entry.pointee.pw_uid, entry.pointee.pw_gid) == 0 else {
            throw PostgresTestServerError(description: "\(name) cannot be given to \(user).")
        }
    }

    /// Starts the server again after ``stop(immediately:)``.
    package func start() async throws {
        let log = self.directory + "/server.log"
        do {
            try await self.run("pg_ctl", "start", "-D", self.data, "-w", "-t", "60", "-s", "-l", log)
        } catch {
            // `pg_ctl` only says that it could not.
            let lines = (try? String(contentsOfFile: log, encoding: .utf8))?.split(separator: "\n").suffix(20) ?? []
            throw PostgresTestServerError(description: "\(error)\n\(lines.joined(separator: "\n"))")
        }
    }

    /// Stops the server: in order, or at once as in a crash.
    package func stop(immediately: Bool) async throws {
        try await self.run(
            "pg_ctl",
            "stop",
            "-D",
            self.data,
            "-w",
            "-t",
            "60",
            "-s",
            "-m",
            immediately ? "immediate" : "fast"
        )
    }

    /// The process id of the server; nil when it does not run.
    package var processID: Int32? {
        (try? String(contentsOfFile: self.data + "/postmaster.pid", encoding: .utf8))
            .flatMap { $0.split(separator: "\n").first }.flatMap { Int32($0) }
    }

    /// A fresh database; quick, as the server copies its template.
    ///
    /// - Parameter template: a database to copy with all its contents; no client may be connected to it.
    package func makeDatabase(template: String? = nil) async throws -> PostgresTestDatabase {
        let number = self.databases.add(1, ordering: .relaxed).newValue
        let name = "test_\(number)"
        try await self.execute("CREATE DATABASE \(name) TEMPLATE \(template ?? "template0")", in: "postgres")
        return PostgresTestDatabase(server: self, name: name)
    }

    /// Runs statements with `psql`, and returns what it prints: rows as lines, without headings.
    @discardableResult
    package func execute(_ sql: String, in database: String, port: UInt16 = 5432) async throws -> String {
        try await self.run(
            "psql",
            "-h",
            self.directory,
            "-p",
            "\(port)",
            "-U",
            "assay",
            "-d",
            database,
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-c",
            sql
        )
    }

    /// Runs the statements of a file, such as `pg_dump` writes, with `psql`.
    package func run(file: URL, in database: String) async throws {
        try await self.run(
            "psql",
            "-h",
            self.directory,
            "-U",
            "assay",
            "-d",
            database,
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
            file.path
        )
    }

    @discardableResult
    private func run(_ program: String, _ arguments: String...) async throws -> String {
        try await Command.run(PostgresBinaries.asServerUser([self.binaries + "/" + program] + arguments))
    }
}

/// A database of a test server.
package struct PostgresTestDatabase: Sendable {
    package let server: PostgresTestServer
    package let name: String

    /// For the superuser of the server.
    package var connectionString: String { "host=\(self.server.directory) user=assay dbname=\(self.name)" }

    package func connectionString(user: String) -> String {
        "host=\(self.server.directory) user=\(user) dbname=\(self.name)"
    }

    /// Runs statements with `psql`.
    @discardableResult
    package func execute(_ sql: String) async throws -> String {
        try await self.server.execute(sql, in: self.name)
    }

    /// Runs the statements of a file with `psql`.
    package func run(file: URL) async throws {
        try await self.server.run(file: file, in: self.name)
    }
}

/// Why the server did not do what a test wanted.
package struct PostgresTestServerError: Error, CustomStringConvertible {
    package let description: String
}
