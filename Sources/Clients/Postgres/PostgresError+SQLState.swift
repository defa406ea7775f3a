extension PostgresError.Code {
    /// The kind of an error that the server reported for a statement.
    ///
    /// Source: PostgreSQL documentation, appendix A, "PostgreSQL Error Codes".
    init(sqlState: String) {
        switch sqlState {
        case "40001": self = .serializationFailure
        case "40P01": self = .deadlock
        case "23505": self = .uniqueViolation
        case "53300": self = .tooManyConnections
        case "53200": self = .outOfMemory
        case "53100": self = .diskFull
        case "25006": self = .readOnly
        case "57014": self = .timedOut
        case "55P03": self = .lockTimedOut
        case "42501": self = .permission
        // Shut down, crashed, starting up, database dropped, idle for too long (alone, or in a transaction).
        case "57P01", "57P02", "57P03", "57P04", "57P05", "25P03": self = .connectionLost
        case "3D000": self = .configuration
        default:
            switch sqlState.prefix(2) {
            case "08": self = .connectionLost
            case "23": self = .constraintViolation
            case "28": self = .authentication
            default: self = .statement
            }
        }
    }
}

/// What the server reports of an error, before it is made fit to be shown.
struct ServerReport {
    /// `ERROR`, or `FATAL` and `PANIC` when the connection ends with it.
    var severity = "ERROR"
    var sqlState: String
    var message: String
    var detail: String?
    var constraint: String?
    var table: String?
    /// The server's function that raised it.
    var function: String?

    /// States of class 08 can be mere errors, such as a wrong binary format.
    var code: PostgresError.Code {
        let code = PostgresError.Code(sqlState: self.sqlState)
        let endsConnection = self.severity != "ERROR"
        return switch code {
        case .connectionLost where !endsConnection: .statement
        case .statement where endsConnection: .connectionLost
        default: code
        }
    }
}

extension PostgresError {
    /// Sorts the report, and takes out what may be values of rows and parameters.
    init(_ report: ServerReport) {
        let holdsValues = report.sqlState.hasPrefix("22") || report.sqlState.hasPrefix("23")
        let text = holdsValues ? PostgresRedaction.quotedParts(of: report.message) : report.message
        self.init(
            code: report.code,
            sqlState: report.sqlState,
            message: "Postgres reported \(report.sqlState): \(text).",
            detail: holdsValues ? nil : report.detail,
            constraint: report.constraint,
            table: report.table,
            isTransactionRetriable: Self.isStale(report) ? true : nil
        )
    }

    /// The statement is not, or no longer, what the server has under its prepared name: a migration changed the types of
    /// its result. It is prepared again when it is used again.
    static func isStale(_ report: ServerReport) -> Bool {
        report.sqlState == "26000" || (report.sqlState == "0A000" && report.function == "RevalidateCachedQuery")
    }
}
