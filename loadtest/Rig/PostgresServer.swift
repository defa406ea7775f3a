import Foundation
import Glibc
import Processes
import Synchronization

/// A Postgres of its own, durable as in production (fsync on), that can be stopped and started again.
package final class PostgresServer: Sendable {
    /// How it is stopped.
    package enum Shutdown: Sendable {
        /// As a crash: no checkpoint, recovery at the next start (`pg_ctl stop -m immediate`).
        case immediate
        /// Connections are cut, then a checkpoint (`-m fast`).
        case fast

        package var signal: Int32 { self == .immediate ? SIGQUIT : SIGINT }
    }

    package static let database = "assay"

    private let rig: TestRig
    private let folder: String
    private let data: String
    private let chosenPort = Atomic(0)
    /// What makes the server another user than root, which it refuses to run as.
    private let becoming: [String]
    private let process = Mutex<ChildProcess?>(nil)

    private var port: Int { chosenPort.load(ordering: .relaxed) }

    package var url: String { "postgres://assay@127.0.0.1:\(port)/\(Self.database)" }

    private init(_ rig: TestRig, folder: String) throws {
        self.rig = rig
        self.folder = folder
        data = rig.path("postgres")
        becoming =
            geteuid() == 0
            ? [try Programs.find("setpriv"), "--reuid=postgres", "--regid=postgres", "--init-groups"] : []
    }

    /// The process that all others of the server descend from; nil while it is stopped.
    package var processID: Int32? {
        process.withLock { $0?.exit == nil ? $0?.id : nil }
    }

    /// Starts it with an empty database.
    ///
    /// - Parameter disk: where the tables go; the write-ahead log stays beside.
    package static func start(_ rig: TestRig, tablesOn disk: SmallDisk?) async throws -> PostgresServer {
        let server = try PostgresServer(rig, folder: Programs.postgresFolder())
        try await server.makeFolder(server.data)
        let options = ["-D", server.data, "-U", "assay", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        try await server.run("initdb", options)
        try await FreePort.serving { port in
            server.chosenPort.store(port, ordering: .relaxed)
            try await server.start()
        }
        var creation = "create database \(database)"
        if let disk {
            try await server.makeFolder("\(disk.path)/tables")
            try await server.query("create tablespace small location '\(disk.path)/tables'", database: "postgres")
            creation += " tablespace small"
        }
        try await server.query(creation, database: "postgres")
        return server
    }

    /// Starts it again, on the same port.
    package func start() async throws {
        let settings = [
            "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=on", "synchronous_commit=on",
            "max_connections=200", "shared_buffers=128MB", "log_lock_waits=on", "log_checkpoints=off",
        ]
        let command =
            becoming + ["\(folder)/postgres", "-D", data, "-p", "\(port)"] + settings.flatMap { ["-c", $0] }
        let child = try rig.start("postgres", command[0], Array(command.dropFirst()))
        process.withLock { $0 = child }
        try await Waiting.until("Postgres answers", of: child) {
            (try? await query("select 1", database: "postgres")) == nil ? nil : true
        }
    }

    package func stop(_ shutdown: Shutdown) async {
        guard let child = process.withLock({ $0 }) else { return }
        child.send(signal: shutdown.signal)
        _ = await child.waitUntilExit()
    }

    /// Cuts every connection but the one that does it.
    package func cutConnections() async throws {
        try await query(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                + " where datname = '\(Self.database)' and pid <> pg_backend_pid()"
        )
    }

    /// Runs SQL in a connection of its own. Returns rows as lines, columns separated by `|`.
    @discardableResult
    package func query(_ sql: String, database: String = database) async throws -> [String] {
        let output = try await rig.run(
            "psql",
            "\(folder)/psql",
            [
                "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", "\(port)", "-U", "assay",
                "-d", database, "-c", sql,
            ],
            atMost: .seconds(60)
        )
        return output.split(separator: "\n").map(String.init)
    }

    /// Runs pgbench with a script of its own. Returns what it printed.
    package func benchmark(script: String, clients: Int, transactions: Int) async throws -> String {
        let file = try rig.write(script, to: "pgbench.sql")
        return try await rig.run(
            "pgbench",
            "\(folder)/pgbench",
            [
                "-n", "-M", "prepared", "-h", "127.0.0.1", "-p", "\(port)", "-U", "assay", "-c", "\(clients)",
                "-t", "\(transactions)", "-f", file, Self.database,
            ],
            atMost: .seconds(300)
        )
    }

    private func run(_ name: String, _ arguments: [String]) async throws {
        let command = becoming + ["\(folder)/\(name)"] + arguments
        try await rig.run(name, command[0], Array(command.dropFirst()))
    }

    private func makeFolder(_ path: String) async throws {
        let owner = becoming.isEmpty ? [] : ["-o", "postgres", "-g", "postgres"]
        try await rig.run("install", try Programs.find("install"), ["-d", "-m", "700"] + owner + [path])
    }
}
