/// A connection lent by the pool. Of no more use when the closure that it was given to has returned.
///
/// Statements that are started at the same time run one after the other. Cancelling the task that awaits a statement
/// cancels the statement: `.cancelled` is thrown, unless it was done already. Outside of a transaction, a statement
/// whose connection breaks may have been done or not.
package final class PostgresConnection: Sendable {
    private let thread: ConnectionThread
    private let lease: Lease

    init(thread: ConnectionThread, lease: Lease) {
        self.thread = thread
        self.lease = lease
    }

    /// Runs one statement, prepared at its first use on this connection.
    @discardableResult
    package func execute(_ statement: PostgresStatement) async throws(PostgresError) -> PostgresResult {
        let results = try await self.pipeline([statement])
        guard let result = results.first else {
            throw PostgresError(code: .statement, message: "Postgres gave no result.")
        }
        return result
    }

    /// Runs one statement and gives back its rows.
    package func query(_ statement: PostgresStatement) async throws(PostgresError) -> PostgresRows {
        try await self.execute(statement).rows
    }

    /// Runs one statement and gives back its first row; nil when there is none.
    package func queryFirst(_ statement: PostgresStatement) async throws(PostgresError) -> PostgresRow? {
        try await self.execute(statement).rows.first
    }

    /// Runs several statements in one round trip. One result per statement, in order.
    ///
    /// Outside of a transaction they are one transaction: all are done, or none. Inside of one, an error ends the
    /// whole transaction as any error does. What fails is said by the error's `statementIndex`; the statements after it
    /// are not run.
    @discardableResult
    package func pipeline(_ statements: [PostgresStatement]) async throws(PostgresError) -> [PostgresResult] {
        try await self.run { native throws(PostgresError) in
            // All before the first is sent: a parameter that cannot be encoded leaves the connection as it is.
            let encoded = try statements.map { statement throws(PostgresError) in try EncodedStatement(statement) }
            return try native.execute(encoded).map { PostgresResult(native: $0) }
        }
    }

    /// Runs statements without parameters or results, separated by semicolons: what cannot be prepared, such as
    /// several statements in one text or `CREATE INDEX CONCURRENTLY`.
    ///
    /// - Returns: the command tag of the last statement.
    @discardableResult
    package func run(script: String) async throws(PostgresError) -> String {
        try await self.run { native throws(PostgresError) in try native.run(script: script) }
    }

    /// A name as an identifier of SQL, whatever is in it.
    package static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    func run<Value: Sendable>(
        _ body: @escaping @Sendable (NativeConnection) throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        try self.lease.check()
        return try await self.thread.run(body)
    }

    func runToEnd<Value: Sendable>(
        _ body: @escaping @Sendable (NativeConnection) throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        try self.lease.check()
        return try await self.thread.runToEnd(body)
    }
}
