internal import CPostgres
import Glibc
import Logging

/// A connection of libpq. Only the thread that made it may use it.
///
/// It never blocks without a limit: whatever it waits for, it waits for with `poll` on the socket and the wake-up of
/// its control.
final class NativeConnection {
    let handle: OpaquePointer
    let configuration: PostgresConfiguration
    let control: ConnectionControl
    private let notices: NativeNotices
    var cache: StatementCache
    /// Given up: nothing more may be sent.
    private var isBroken = false
    /// Not to be used again after the present use.
    private var isWornOut = false

    /// Connects; blocks for the configured time limit per address at most. Throws `.unavailable` and its like.
    init(
        configuration: PostgresConfiguration,
        control: ConnectionControl,
        logger: Logger
    ) throws(PostgresError) {
        self.configuration = configuration
        self.control = control
        self.cache = StatementCache(capacity: configuration.preparedStatements)
        self.notices = NativeNotices(logger: logger)
        self.handle = try Self.connect(configuration)
        self.notices.attach(to: self.handle)
    }

    deinit {
        PQfinish(self.handle)
    }

    private static func connect(_ configuration: PostgresConfiguration) throws(PostgresError) -> OpaquePointer {
        let parameters = try configuration.parameters()
        let texts = parameters.flatMap { [strdup($0.0), strdup($0.1)] }
        defer { texts.forEach { free($0) } }
        var keywords = stride(from: 0, to: texts.count, by: 2).map { UnsafePointer(texts[$0]) }
        var values = stride(from: 1, to: texts.count, by: 2).map { UnsafePointer(texts[$0]) }
        keywords.append(nil)
        values.append(nil)
        guard let handle = PQconnectdbParams(keywords, values, 1) else {
            throw PostgresError(code: .outOfMemory, message: "There is no memory for a Postgres connection.")
        }
        guard PQstatus(handle) == CONNECTION_OK, PQsetnonblocking(handle, 1) == 0 else {
            let error = PostgresError(connecting: handle)
            PQfinish(handle)
            throw error
        }
        return handle
    }

    var isAlive: Bool { !self.isBroken && PQstatus(self.handle) == CONNECTION_OK }

    /// Can be lent to another caller: alive, and not within a transaction.
    var isReusable: Bool { self.isAlive && !self.isWornOut && PQtransactionStatus(self.handle) == PQTRANS_IDLE }

    var socket: Int32 { PQsocket(self.handle) }

    func makeCancel() -> NativeCancel? { PQgetCancel(self.handle).map(NativeCancel.init) }

    /// Takes in what the server says without being asked; false when the connection is lost.
    func takeUnasked() -> Bool {
        guard PQconsumeInput(self.handle) == 1, self.isAlive else { return false }
        // Reads what has come: notices, changed settings.
        _ = PQisBusy(self.handle)
        while let notification = PQnotifies(self.handle) { PQfreemem(notification) }
        return self.isAlive
    }

    /// The next result of what was sent; nil at the end of a statement's results.
    ///
    /// Throws `.connectionLost` when the server says nothing until the deadline, or closed the connection.
    func nextResult(until deadline: ContinuousClock.Instant?) throws(PostgresError) -> NativeResult? {
        while true {
            let flushed = PQflush(self.handle)
            if PQisBusy(self.handle) == 0 { break }
            guard flushed >= 0 else { throw self.lost() }
            try self.wait(writing: flushed == 1, until: deadline)
        }
        return PQgetResult(self.handle).map(NativeResult.init)
    }

    /// Waits until the socket can be read, or written if wanted, and takes in what there is.
    func wait(writing: Bool, until limit: ContinuousClock.Instant?) throws(PostgresError) {
        var deadline = limit
        if let cancelled = self.control.cancellationDeadline { deadline = min(deadline ?? cancelled, cancelled) }
        guard let ready = self.control.wait(socket: self.socket, writing: writing, until: deadline) else {
            throw self.lost("The Postgres server did not answer in time, and the connection was given up.")
        }
        guard ready else { return }
        guard PQconsumeInput(self.handle) == 1 else { throw self.lost() }
    }

    /// Gives the connection up, and says why.
    func lost(_ message: String? = nil) -> PostgresError {
        self.isBroken = true
        let reason = PQerrorMessage(self.handle).map { PostgresLibrary.sentence(String(cString: $0)) } ?? ""
        return PostgresError(
            code: .connectionLost,
            message: message ?? "The Postgres connection was lost: \(reason.isEmpty ? "no reason was given" : reason)."
        )
    }

    /// The error that a result is; nil when it is none.
    func error(of result: NativeResult) -> PostgresError? {
        guard let report = result.report else { return nil }
        var error = PostgresError(report)
        if !self.isAlive || report.sqlState.isEmpty {
            error.code = .connectionLost
            error.message = "The Postgres connection was lost: \(PostgresLibrary.sentence(report.message))."
        } else if error.sqlState == "57014", self.control.isCancelled {
            error = .cancelled
            error.sqlState = "57014"
        }
        // A server that was demoted: others may find the new primary.
        if error.code == .readOnly { self.isWornOut = true }
        if error.code == .connectionLost { self.isBroken = true }
        return error
    }
}

extension PostgresError {
    /// Why no connection was made. libpq gives no SQLSTATE for that, so texts tell (which servers may translate).
    fileprivate init(connecting handle: OpaquePointer) {
        let said = PQerrorMessage(handle).map { PostgresLibrary.sentence(String(cString: $0)) } ?? ""
        // What answers may say anything, what it was sent among it.
        let password = PQpass(handle).map { String(cString: $0) } ?? ""
        let reason = password.utf8.count < 4 ? said : said.replacing(password, with: PostgresRedaction.mark)
        let code: Code =
            if PQconnectionNeedsPassword(handle) == 1 || reason.contains("authentication failed")
                || reason.contains("no pg_hba.conf entry") || reason.contains("no password supplied")
            {
                .authentication
            } else if reason.contains("too many clients") || reason.contains("remaining connection slots") {
                .tooManyConnections
            } else if reason.contains("database \"") && reason.contains("does not exist") {
                .configuration
            } else {
                .unavailable
            }
        self.init(code: code, message: "No connection to Postgres could be made: \(reason).")
    }
}
