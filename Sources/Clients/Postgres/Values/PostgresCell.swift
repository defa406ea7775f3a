/// One field of a row, as the server sent it. Its bytes may be used only while it is being decoded.
package struct PostgresCell {
    package var type: PostgresType
    /// Nil for NULL.
    package var bytes: UnsafeRawBufferPointer?

    package init(type: PostgresType, bytes: UnsafeRawBufferPointer?) {
        self.type = type
        self.bytes = bytes
    }

    /// The bytes of a field that is not NULL and of one of `types`.
    func bytes(of types: PostgresType...) throws(PostgresDecodingFault) -> PostgresReader {
        guard types.contains(self.type) else { throw .type(self.type) }
        guard let bytes = self.bytes else { throw .null }
        return PostgresReader(bytes)
    }
}

/// Why a field is not of the type that was asked for.
package enum PostgresDecodingFault: Error, Sendable, Equatable {
    case null
    case type(PostgresType)
    /// Too few or too many bytes, or bytes that mean nothing.
    case malformed
    /// The value does not fit.
    case range
}

/// Reads numbers in network order from untrusted bytes.
struct PostgresReader {
    private var rest: UnsafeRawBufferPointer.SubSequence

    init(_ bytes: UnsafeRawBufferPointer) {
        self.rest = bytes[...]
    }

    var remaining: Int { self.rest.count }

    mutating func integer<Value: FixedWidthInteger>(_: Value.Type = Value.self) throws(PostgresDecodingFault) -> Value {
        let size = MemoryLayout<Value>.size
        guard self.rest.count >= size else { throw .malformed }
        var value = Value.zero
        for byte in self.rest.prefix(size) { value = value << 8 | Value(truncatingIfNeeded: byte) }
        self.rest = self.rest.dropFirst(size)
        return value
    }

    mutating func bytes(_ count: Int) throws(PostgresDecodingFault) -> UnsafeRawBufferPointer {
        guard count >= 0, self.rest.count >= count else { throw .malformed }
        let bytes = UnsafeRawBufferPointer(rebasing: self.rest.prefix(count))
        self.rest = self.rest.dropFirst(count)
        return bytes
    }

    mutating func all() -> UnsafeRawBufferPointer {
        let bytes = UnsafeRawBufferPointer(rebasing: self.rest)
        self.rest = self.rest.suffix(0)
        return bytes
    }

    func finish() throws(PostgresDecodingFault) {
        guard self.rest.isEmpty else { throw .malformed }
    }
}

extension [UInt8] {
    /// Appends in network order.
    mutating func append<Value: FixedWidthInteger>(integer value: Value) {
        Swift.withUnsafeBytes(of: value.bigEndian) { self.append(contentsOf: $0) }
    }
}
