/// Arrays of one dimension. Elements that are NULL need an element type that is Optional.
///
/// The binary format (`array_send` in PostgreSQL's `arrayfuncs.c`): dimensions, whether there are NULLs, element type,
/// per dimension its length and lower bound, then every element as its length (-1 for NULL) and bytes.
extension Array: PostgresEncodable where Element: PostgresArrayElement {
    package static var postgresType: PostgresType { Element.postgresArrayType }

    package func encode(to bytes: inout [UInt8]) throws(PostgresError) {
        guard let count = Int32(exactly: self.count) else { throw .encoding("An array has too many elements.") }
        bytes.append(integer: Int32(self.isEmpty ? 0 : 1))
        bytes.append(integer: Int32(self.contains { $0.isPostgresNull } ? 1 : 0))
        bytes.append(integer: Element.postgresType.oid)
        guard count > 0 else { return }
        bytes.append(integer: count)
        bytes.append(integer: Int32(1))
        for element in self { try element.encodeWithLength(to: &bytes) }
    }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
    package static func decode(_ cell: PostgresCell) throws(PostgresDecodingFault) -> [Element] {
        guard let whole = cell.bytes else { throw .null }
        var reader = PostgresReader(whole)
        let dimensions: Int32 = try reader.integer()
        _ = try reader.integer(Int32.self)
        let type = PostgresType(oid: try reader.integer())
        guard dimensions != 0 else {
            try reader.finish()
            return []
        }
        guard dimensions == 1 else { throw .malformed }
        let count = Int(try reader.integer(Int32.self))
        _ = try reader.integer(Int32.self)
        // Every element takes at least its length: an invented count cannot make us reserve more than was sent.
        guard count >= 0, count <= reader.remaining / 4 else { throw .malformed }
        var elements: [Element] = []
        elements.reserveCapacity(count)
        for _ in 0..<count {
            let length: Int32 = try reader.integer()
            let bytes = length == -1 ? nil : try reader.bytes(Int(length))
            elements.append(try Element.decode(PostgresCell(type: type, bytes: bytes)))
        }
        try reader.finish()
        return elements
    }
}

extension PostgresEncodable {
    /// Appends the value with its length before it, as elements of arrays and fields of copied rows stand.
    func encodeWithLength(to bytes: inout [UInt8]) throws(PostgresError) {
        guard !self.isPostgresNull else {
            bytes.append(integer: Int32(-1))
            return
        }
        let place = bytes.count
        bytes.append(integer: Int32(0))
        try self.encode(to: &bytes)
        guard let length = Int32(exactly: bytes.count - place - 4) else {
            throw .encoding("A value is larger than Postgres can store.")
        }
        withUnsafeBytes(of: length.bigEndian) { length in
            for (offset, byte) in length.enumerated() { bytes[place + offset] = byte }
        }
    }
}
