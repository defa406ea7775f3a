import Testing

@testable import Postgres

@Suite struct PostgresErrorTests {
    @Test(arguments: [
        ("40001", PostgresError.Code.serializationFailure), ("40P01", .deadlock), ("08006", .connectionLost),
        ("57P01", .connectionLost), ("57P03", .connectionLost), ("23505", .uniqueViolation),
        ("23503", .constraintViolation), ("53300", .tooManyConnections), ("53200", .outOfMemory), ("53100", .diskFull),
        ("25006", .readOnly), ("57014", .timedOut), ("55P03", .lockTimedOut), ("42501", .permission),
        ("28P01", .authentication), ("3D000", .configuration), ("42601", .statement), ("", .statement),
    ])
    func codes(sqlState: String, code: PostgresError.Code) {
        #expect(PostgresError.Code(sqlState: sqlState) == code)
    }

    @Test func onlyFatalErrorsEndAConnection() {
        #expect(ServerReport(severity: "ERROR", sqlState: "08P01", message: "").code == .statement)
        #expect(ServerReport(severity: "FATAL", sqlState: "08P01", message: "").code == .connectionLost)
        #expect(ServerReport(severity: "FATAL", sqlState: "XX000", message: "").code == .connectionLost)
        #expect(ServerReport(severity: "FATAL", sqlState: "57P01", message: "").code == .connectionLost)
    }

    @Test func onlyConflictsOfTransactionsAreRetriable() {
        for code in PostgresError.Code.allCases {
            let error = PostgresError(code: code, message: "")
            #expect(error.isTransactionRetriable == (code == .serializationFailure || code == .deadlock))
        }
    }

    @Test func valuesAreNotShown() {
        let unique = PostgresError(
            ServerReport(
                sqlState: "23505",
                message: "duplicate key value violates unique constraint \"inbox_key\"",
                detail: "Key (id)=(secret) already exists.",
                constraint: "inbox_key",
                table: "inbox"
            )
        )
        #expect(unique.message.contains("\"inbox_key\""))
        #expect(unique.detail == nil)
        #expect(unique.constraint == "inbox_key")
        let data = PostgresError(
            ServerReport(sqlState: "22P02", message: "invalid input syntax for type integer: \"sec\"ret\"")
        )
        #expect(data.message == "Postgres reported 22P02: invalid input syntax for type integer: \"…\".")
    }

    @Test(arguments: [
        ("nothing", "nothing"), ("one \"", "one \"…\""), ("a \"b\" c", "a \"…\" c"), ("a \"b\" c \"d\" e", "a \"…\" e"),
        ("column \"b\" of relation \"c\" is \"d\"", "column \"b\" of relation \"c\" is \"…\""),
        ("integer: \"\u{301}secret\u{600}\"", "integer: \"…\""),
    ])
    func quotedParts(text: String, redacted: String) {
        #expect(PostgresRedaction.quotedParts(of: text) == redacted)
    }
}
