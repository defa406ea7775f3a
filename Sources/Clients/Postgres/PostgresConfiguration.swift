/// How connections are made, and what holds for all of their statements.
package struct PostgresConfiguration: Sendable {
    /// A `postgres://` URL or `key=value` pairs, as libpq reads them: TLS, services, pass-files and several hosts work
    /// as documented there. What it sets goes before the settings below.
    package let connectionString: String
    /// Asked for at each connection, so that a rotated password takes effect; nil to leave it to the connection string.
    package var password: (@Sendable () throws -> String)?
    package var applicationName = "assay"
    /// For each host and address.
    package var connectTimeout: Duration = .seconds(5)
    /// For one statement, by the server. Zero for none.
    package var statementTimeout: Duration = .seconds(30)
    /// For one lock, by the server. Zero for none.
    package var lockTimeout: Duration = .seconds(10)
    /// For a transaction that is open and idle, by the server. Zero for none.
    package var idleInTransactionTimeout: Duration = .seconds(60)
    /// How long after the server should have ended a statement it may still be silent, before the connection is given
    /// up; also after a statement was cancelled.
    package var silenceLimit: Duration = .seconds(5)
    /// Prepared statements kept by each connection.
    package var preparedStatements = 128

    let options: [String: String]

    /// Throws `.configuration` when the connection string is wrong. Says nothing to the server.
    package init(connectionString: String, password: (@Sendable () throws -> String)? = nil) throws(PostgresError) {
        self.connectionString = connectionString
        self.password = password
        self.options = try PostgresLibrary.options(of: connectionString)
        try Self.check(self.options)
    }

    /// The password that a connection string holds. Throws `.configuration` when it is wrong.
    package static func password(in connectionString: String) throws(PostgresError) -> String? {
        try PostgresLibrary.options(of: connectionString)["password"]
    }

    /// The server, database and user, without secrets: `postgres://user@host:5432/database`.
    package var redacted: String {
        let user = self.options["user"].map { $0 + "@" } ?? ""
        let hosts = (self.options["host"] ?? self.options["hostaddr"] ?? "").split(
            separator: ",",
            omittingEmptySubsequences: false
        )
        let ports = (self.options["port"] ?? "").split(separator: ",", omittingEmptySubsequences: false)
        let servers = hosts.enumerated().map { index, host in
            let port = ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : ""
            return port.isEmpty ? String(host) : "\(host):\(port)"
        }
        let service = self.options["service"].map { "?service=\($0)" } ?? ""
        return "postgres://\(user)\(servers.joined(separator: ","))/\(self.options["dbname"] ?? "")\(service)"
    }

    /// Parts of a password that is not percent-encoded end up in host or port, and would be shown in errors.
    private static func check(_ options: [String: String]) throws(PostgresError) {
        let ports = (options["port"] ?? "").split(separator: ",")
        guard ports.allSatisfy({ UInt16($0) != nil }) else {
            throw .configuration(
                "The port in the Postgres connection string is no number from 1 to 65535"
                    + " (characters such as / : @ in a password must be percent-encoded)."
            )
        }
        guard options["host"]?.contains("@") != true else {
            throw .configuration(
                "The host in the Postgres connection string holds an @: in a password it must be written %40."
            )
        }
        guard options["dbname"]?.contains("@") != true else {
            throw .configuration(
                "The database in the Postgres connection string holds an @ (characters such as / : @ in a password must be"
                    + " percent-encoded)."
            )
        }
    }

    /// What is handed to libpq, in its order: later ones win.
    func parameters() throws(PostgresError) -> [(String, String)] {
        var parameters: [(String, String)] = [
            ("application_name", self.applicationName),
            ("connect_timeout", String(max(2, self.connectTimeout.components.seconds))),
            ("target_session_attrs", "read-write"),
            // A server that has gone without a word is noticed within half a minute.
            ("keepalives", "1"),
            ("keepalives_idle", "10"),
            ("keepalives_interval", "5"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", "25000"),
        ]
        if let required = self.requiredAuthentication() { parameters.append(("require_auth", required)) }
        parameters += [
            ("dbname", self.connectionString), ("client_encoding", "UTF8"), ("options", self.serverOptions),
        ]
        if let password = self.password {
            do {
                parameters.append(("password", try password()))
            } catch {
                throw .configuration("The Postgres password cannot be read: \(error)")
            }
        }
        guard parameters.allSatisfy({ !$0.1.utf8.contains(0) }) else {
            throw .configuration("A setting of the Postgres connection holds a NUL character.")
        }
        return parameters
    }

    private var serverOptions: String {
        let limits: [(String, Duration)] = [
            ("statement_timeout", self.statementTimeout),
            ("lock_timeout", self.lockTimeout),
            ("idle_in_transaction_session_timeout", self.idleInTransactionTimeout),
        ]
        var options = limits.map { "-c \($0)=\(max(0, Int32(clamping: $1.wholeMilliseconds)))" }
        options.append("-c TimeZone=UTC")
        if let own = self.options["options"] { options.append(own) }
        return options.joined(separator: " ")
    }

    /// How long the server may be silent over this many statements; nil for as long as it likes.
    func answerLimit(statements: Int) -> Duration? {
        guard self.statementTimeout > .zero else { return nil }
        return self.statementTimeout * max(1, statements) + self.silenceLimit
    }
}

extension Duration {
    /// Clamped, and cut to whole milliseconds.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = self.components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        return product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000).partialValue
    }
}

/// A value that holds one may be printed as a whole: a log of services does.
extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "PostgresConfiguration(\(self.redacted))" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: ["server": self.redacted]) }
}
