extension Bool: PostgresArrayElement {
    package static var postgresType: PostgresType { .bool }
    package static var postgresArrayType: PostgresType { .boolArray }

    package func encode(to bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }

    package static func decode(_ cell: PostgresCell) throws(PostgresDecodingFault) -> Bool {
        var reader = try cell.bytes(of: .bool)
        let byte: UInt8 = try reader.integer()
        try reader.finish()
        guard byte <= 1 else { throw .malformed }
        return byte == 1
    }
}

/// NaN and the infinities are values as any other; the bits of a NaN are kept.
extension Double: PostgresArrayElement {
    package static var postgresType: PostgresType { .float8 }
    package static var postgresArrayType: PostgresType { .float8Array }

    package func encode(to bytes: inout [UInt8]) { bytes.append(integer: self.bitPattern) }

    package static func decode(_ cell: PostgresCell) throws(PostgresDecodingFault) -> Double {
        var reader = try cell.bytes(of: .float8, .float4)
        let value =
            cell.type == .float8
            ? Double(bitPattern: try reader.integer()) : Double(Float(bitPattern: try reader.integer()))
        try reader.finish()
        return value
    }
}

/// Text. A NUL character is refused: Postgres cannot store it.
extension String: PostgresArrayElement {
    package static var postgresType: PostgresType { .text }
    package static var postgresArrayType: PostgresType { .textArray }

    package func encode(to bytes: inout [UInt8]) throws(PostgresError) {
        guard !self.utf8.contains(0) else {
            throw .encoding("A text with a NUL character cannot be stored in Postgres.")
        }
        bytes.append(contentsOf: self.utf8)
    }

    package static func decode(_ cell: PostgresCell) throws(PostgresDecodingFault) -> String {
        var reader = try cell.bytes(of: .text, .varchar, .name, .bpchar, .char, .unknown, .json)
        guard let text = String(validating: reader.all(), as: UTF8.self) else { throw .malformed }
        return text
    }
}

/// A string of bytes (`bytea`).
package struct PostgresBytes: Sendable, Hashable, PostgresArrayElement {
    package var bytes: [UInt8]

    package init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    package static var postgresType: PostgresType { .bytea }
    package static var postgresArrayType: PostgresType { .byteaArray }

    package func encode(to bytes: inout [UInt8]) { bytes.append(contentsOf: self.bytes) }

    package static func decode(_ cell: PostgresCell) throws(PostgresDecodingFault) -> PostgresBytes {
        var reader = try cell.bytes(of: .bytea)
        return PostgresBytes(reader.all())
    }
}

/// A JSON document as text, for `jsonb`. The server checks it; this does not.
package struct PostgresJSON: Sendable, Hashable, PostgresArrayElement {
    /// UTF-8.
    package var bytes: [UInt8]

    package init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    package static var postgresType: PostgresType { .jsonb }
    package static var postgresArrayType: PostgresType { .jsonbArray }

    package func encode(to bytes: inout [UInt8]) throws(PostgresError) {
        guard !self.bytes.contains(0) else {
            throw .encoding("A JSON document with a NUL character cannot be stored in Postgres.")
        }
        // The version of the binary format, then the text.
        bytes.append(1)
        bytes.append(contentsOf: self.bytes)
    }

    package static func decode(_ cell: PostgresCell) throws(PostgresDecodingFault) -> PostgresJSON {
        var reader = try cell.bytes(of: .jsonb, .json)
        if cell.type == .jsonb {
            guard try reader.integer(UInt8.self) == 1 else { throw .malformed }
        }
        return PostgresJSON(reader.all())
    }
}
