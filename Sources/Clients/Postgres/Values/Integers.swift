/// Whole numbers are sent as the server's type of their size, and read from that and from smaller ones.
private func decodeInteger<Value: FixedWidthInteger>(_ cell: PostgresCell) throws(PostgresDecodingFault) -> Value {
    var reader = try cell.bytes(of: .int2, .int4, .int8)
    let value: Int64 =
        switch cell.type {
        case .int2: Int64(try reader.integer(Int16.self))
        case .int4: Int64(try reader.integer(Int32.self))
        default: try reader.integer(Int64.self)
        }
    try reader.finish()
    guard let fitting = Value(exactly: value) else { throw .range }
    return fitting
}

extension Int16: PostgresArrayElement {
    package static var postgresType: PostgresType { .int2 }
    package static var postgresArrayType: PostgresType { .int2Array }
    package func encode(to bytes: inout [UInt8]) { bytes.append(integer: self) }
    package static func decode(_ cell: PostgresCell) throws(PostgresDecodingFault) -> Int16 { try decodeInteger(cell) }
}

extension Int32: PostgresArrayElement {
    package static var postgresType: PostgresType { .int4 }
    package static var postgresArrayType: PostgresType { .int4Array }
    package func encode(to bytes: inout [UInt8]) { bytes.append(integer: self) }
    package static func decode(_ cell: PostgresCell) throws(PostgresDecodingFault) -> Int32 { try decodeInteger(cell) }
}

extension Int64: PostgresArrayElement {
    package static var postgresType: PostgresType { .int8 }
    package static var postgresArrayType: PostgresType { .int8Array }
    package func encode(to bytes: inout [UInt8]) { bytes.append(integer: self) }
    package static func decode(_ cell: PostgresCell) throws(PostgresDecodingFault) -> Int64 { try decodeInteger(cell) }
}

extension Int: PostgresArrayElement {
    package static var postgresType: PostgresType { .int8 }
    package static var postgresArrayType: PostgresType { .int8Array }
    package func encode(to bytes: inout [UInt8]) { bytes.append(integer: Int64(self)) }
    package static func decode(_ cell: PostgresCell) throws(PostgresDecodingFault) -> Int { try decodeInteger(cell) }
}
