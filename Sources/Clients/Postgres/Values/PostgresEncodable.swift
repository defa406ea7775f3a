/// A value that can be a parameter of a statement, in Postgres' binary format.
package protocol PostgresEncodable: Sendable {
    /// What the server is told the parameter is.
    static var postgresType: PostgresType { get }

    /// NULL, for which nothing is encoded.
    var isPostgresNull: Bool { get }

    /// Appends the value.
    ///
    /// Throws `.encoding` when Postgres cannot store it.
    func encode(to bytes: inout [UInt8]) throws(PostgresError)
}

extension PostgresEncodable {
    package var isPostgresNull: Bool { false }
}

/// A value that can be read from a column of a result.
package protocol PostgresDecodable: Sendable {
    /// Never traps, whatever the bytes are.
    static func decode(_ cell: PostgresCell) throws(PostgresDecodingFault) -> Self
}

/// A value of which there are arrays.
package protocol PostgresArrayElement: PostgresEncodable, PostgresDecodable {
    static var postgresArrayType: PostgresType { get }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    package static var postgresType: PostgresType { Wrapped.postgresType }

    package var isPostgresNull: Bool { self?.isPostgresNull ?? true }

    package func encode(to bytes: inout [UInt8]) throws(PostgresError) {
        try self?.encode(to: &bytes)
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    package static func decode(_ cell: PostgresCell) throws(PostgresDecodingFault) -> Wrapped? {
        cell.bytes == nil ? nil : try Wrapped.decode(cell)
    }
}

extension Optional: PostgresArrayElement where Wrapped: PostgresArrayElement {
    package static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }
}
