internal import CPostgres

/// A result of libpq, freed with its last reference.
///
/// `@unchecked Sendable`: libpq never changes a result after handing it out, and allows reading it from any thread.
final class NativeResult: @unchecked Sendable {
    struct Column: Sendable {
        var name: String
        var type: PostgresType
    }

    private let handle: OpaquePointer
    let rowCount: Int
    let columns: [Column]

    init(_ handle: OpaquePointer) {
        self.handle = handle
        self.rowCount = Int(PQntuples(handle))
        self.columns = (0..<PQnfields(handle)).map { index in
            Column(
                name: PQfname(handle, index).map { String(cString: $0) } ?? "",
                type: PostgresType(oid: PQftype(handle, index))
            )
        }
    }

    deinit {
        PQclear(self.handle)
    }

    var status: ExecStatusType { PQresultStatus(self.handle) }

    var affectedRows: Int { PQcmdTuples(self.handle).flatMap { Int(String(cString: $0)) } ?? 0 }

    /// Such as `COMMIT` or `INSERT 0 1`.
    var commandTag: String { PQcmdStatus(self.handle).map { String(cString: $0) } ?? "" }

    /// The field; the caller has checked row and column.
    func cell(row: Int, column: Int) -> PostgresCell {
        let row = Int32(truncatingIfNeeded: row)
        let column = Int32(truncatingIfNeeded: column)
        let type = PostgresType(oid: PQftype(self.handle, column))
        guard PQgetisnull(self.handle, row, column) == 0 else { return PostgresCell(type: type, bytes: nil) }
        let length = max(0, Int(PQgetlength(self.handle, row, column)))
        return PostgresCell(
            type: type,
            bytes: UnsafeRawBufferPointer(start: PQgetvalue(self.handle, row, column), count: length)
        )
    }

    /// Nil when the result is not an error.
    var report: ServerReport? {
        guard self.status == PGRES_FATAL_ERROR || self.status == PGRES_BAD_RESPONSE else { return nil }
        return ServerReport(
            severity: self.text(CPostgres_error_severity) ?? "FATAL",
            sqlState: self.text(CPostgres_error_sqlstate) ?? "",
            message: self.text(CPostgres_error_message)
                ?? PQresultErrorMessage(self.handle).map { PostgresLibrary.sentence(String(cString: $0)) } ?? "",
            detail: self.text(CPostgres_error_detail),
            constraint: self.text(CPostgres_error_constraint),
            table: self.text(CPostgres_error_table),
            function: self.text(CPostgres_error_function)
        )
    }

    private func text(_ field: (OpaquePointer?) -> UnsafePointer<CChar>?) -> String? {
        field(self.handle).map { String(cString: $0) }
    }
}
