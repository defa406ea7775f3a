/// What a statement gave back. Rows are read where libpq keeps them, and decoded when asked for.
package struct PostgresResult: Sendable {
    let native: NativeResult

    package var rows: PostgresRows { PostgresRows(result: self.native) }

    /// Rows that the statement inserted, changed, deleted or returned; 0 for others.
    package var affectedRows: Int { self.native.affectedRows }
}

/// The rows of a result.
package struct PostgresRows: Sendable, RandomAccessCollection {
    let result: NativeResult

    package var startIndex: Int { 0 }
    package var endIndex: Int { self.result.rowCount }

    package subscript(position: Int) -> PostgresRow {
        precondition(position >= 0 && position < self.result.rowCount, "There is no such row.")
        return PostgresRow(result: self.result, index: position)
    }
}

/// One row.
package struct PostgresRow: Sendable {
    let result: NativeResult
    let index: Int

    package var columnNames: [String] { self.result.columns.map(\.name) }

    /// The value of the column at `column`, from 0.
    ///
    /// Throws `.decoding` when there is no such column, or its value is not of the type asked for.
    package func decode<Value: PostgresDecodable>(
        _ column: Int,
        as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        guard self.result.columns.indices.contains(column) else {
            throw PostgresError(code: .decoding, message: "A result has no column number \(column).")
        }
        do {
            // The cell points into the result.
            return try withExtendedLifetime(self.result) { result throws(PostgresDecodingFault) in
                try Value.decode(result.cell(row: self.index, column: column))
            }
        } catch {
            throw error.error(column: self.result.columns[column].name, as: "\(Value.self)")
        }
    }

    /// The value of the first column of this name.
    package func decode<Value: PostgresDecodable>(
        _ column: String,
        as type: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        guard let index = self.result.columns.firstIndex(where: { $0.name == column }) else {
            throw PostgresError(code: .decoding, message: "A result has no column \"\(column)\".")
        }
        return try self.decode(index, as: type)
    }
}

extension PostgresDecodingFault {
    func error(column: String, as type: String) -> PostgresError {
        let reason =
            switch self {
            case .null: "it is NULL"
            case .type(let actual): "it is of the type \(actual)"
            case .malformed: "its bytes are not of that form"
            case .range: "its value does not fit"
            }
        return PostgresError(
            code: .decoding,
            message: "The column \"\(column)\" of a result cannot be read as \(type): \(reason)."
        )
    }
}
