/// What went wrong with Postgres, in one sentence for a person and a code for a program.
///
/// Holds no password and no parameter value: what the server says of values is left out.
package struct PostgresError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure: what a caller decides by.
    package enum Code: String, Sendable, Equatable, CaseIterable {
        /// The connection string or a setting is wrong, or names a database that does not exist.
        case configuration
        /// The server refused the user, the password or the certificate.
        case authentication
        /// No connection could be made.
        case unavailable
        /// The connection broke. A statement outside of a transaction may have been done or not; a transaction that
        /// was not being committed was not.
        case connectionLost
        /// The connection broke while a transaction was being committed: it is committed, or nothing of it happened.
        case commitOutcomeUnknown
        /// The transaction was rolled back although `COMMIT` was sent: a failed statement had been ignored.
        case rolledBack
        /// Another transaction was in the way; the same may work again from its beginning (40001).
        case serializationFailure
        /// Two transactions waited for each other; the same may work again from its beginning (40P01).
        case deadlock
        /// A value that must be unique is there already (23505); `constraint` says which.
        case uniqueViolation
        /// Another constraint is violated (class 23); `constraint` says which.
        case constraintViolation
        /// The server has no connection left (53300).
        case tooManyConnections
        /// The server, or this process, has no memory left for it (53200).
        case outOfMemory
        /// The server's disk is full (53100).
        case diskFull
        /// The server only reads: a standby, for example after a failover (25006).
        case readOnly
        /// The statement ran into a time limit.
        case timedOut
        /// The statement waited too long for a lock (55P03).
        case lockTimedOut
        /// The task that awaited the statement was cancelled.
        case cancelled
        /// The user may not do that (42501).
        case permission
        /// A parameter that Postgres cannot store, such as text with a NUL character. Nothing was sent.
        case encoding
        /// The result is not of the type that was asked for.
        case decoding
        /// No connection of the pool came free in time.
        case poolTimedOut
        /// Too many callers wait for a connection of the pool already.
        case poolExhausted
        /// The pool or connection is closed.
        case closed
        /// Any other error of a statement.
        case statement
    }

    package var code: Code
    /// Five characters by the server; nil when the error is not the server's.
    package var sqlState: String?
    /// One sentence for a person.
    package var message: String
    /// The server's detail, where it holds no values.
    package var detail: String?
    package var constraint: String?
    package var table: String?
    /// Which statement of a pipeline failed, from 0.
    package var statementIndex: Int?
    /// The same transaction may work when it is run again from its beginning, at once.
    package var isTransactionRetriable: Bool

    package init(
        code: Code,
        sqlState: String? = nil,
        message: String,
        detail: String? = nil,
        constraint: String? = nil,
        table: String? = nil,
        statementIndex: Int? = nil,
        isTransactionRetriable: Bool? = nil
    ) {
        self.code = code
        self.sqlState = sqlState
        self.message = message
        self.detail = detail
        self.constraint = constraint
        self.table = table
        self.statementIndex = statementIndex
        self.isTransactionRetriable = isTransactionRetriable ?? (code == .serializationFailure || code == .deadlock)
    }

    package var description: String { self.message }
}

extension PostgresError {
    static func configuration(_ message: String) -> PostgresError {
        PostgresError(code: .configuration, message: message)
    }

    static func encoding(_ message: String) -> PostgresError {
        PostgresError(code: .encoding, message: message)
    }

    static let connectionClosed = PostgresError(code: .closed, message: "The Postgres connection is closed.")

    static let poolClosed = PostgresError(code: .closed, message: "The Postgres connection pool is closed.")

    static let cancelled = PostgresError(code: .cancelled, message: "The Postgres statement was cancelled.")
}
