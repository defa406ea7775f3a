package import Analysis

/// The sample blocks of one decision as bytes: columns of doubles, without the session they belong to.
///
/// Version 1: the byte 1, the number of blocks, then for each the metric, the side (0 control, 1 experiment), the first
/// instant and the step in milliseconds, the number of values, and the values as IEEE 754 doubles, little-endian. Whole
/// numbers are unsigned LEB128; the first instant is a 64-bit little-endian integer.
package enum SampleBlockCodec {
    private static let version: UInt8 = 1

    package static func encode(_ blocks: [SampleBlock]) -> [UInt8] {
        var bytes: [UInt8] = [version]
        bytes.reserveCapacity(16 + blocks.reduce(0) { $0 + 24 + $1.values.count * 8 })
        bytes.append(leb128: UInt64(blocks.count))
        for block in blocks {
            bytes.append(leb128: UInt64(max(0, block.metric)))
            bytes.append(block.side == .control ? 0 : 1)
            bytes.append(littleEndian: UInt64(bitPattern: block.first.milliseconds))
            bytes.append(leb128: UInt64(max(0, block.step.milliseconds)))
            bytes.append(leb128: UInt64(block.values.count))
            for value in block.values { bytes.append(littleEndian: value.bitPattern) }
        }
        return bytes
    }

    /// Throws when the bytes are not of that form.
    package static func decode(_ bytes: [UInt8], session: String) throws(FormError) -> [SampleBlock] {
        var reader = Reader(bytes: bytes[...])
        guard reader.byte() == version, let count = reader.leb128(), count <= UInt64(bytes.count) else {
            throw malformed
        }
        var blocks: [SampleBlock] = []
        for _ in 0..<count {
            guard let metric = reader.leb128().flatMap({ Int(exactly: $0) }), let side = reader.byte(), side <= 1,
                let first = reader.littleEndian(), let step = reader.leb128().flatMap({ Int64(exactly: $0) }),
                let size = reader.leb128(), size <= UInt64(reader.bytes.count) / 8
            else { throw malformed }
            var values: [Double] = []
            values.reserveCapacity(Int(size))
            for _ in 0..<size {
                guard let bits = reader.littleEndian() else { throw malformed }
                values.append(Double(bitPattern: bits))
            }
            blocks.append(
                SampleBlock(
                    session: session,
                    metric: metric,
                    side: side == 0 ? .control : .experiment,
                    first: Timestamp(milliseconds: Int64(bitPattern: first)),
                    step: .milliseconds(step),
                    values: values
                )
            )
        }
        guard reader.bytes.isEmpty else { throw malformed }
        return blocks
    }

    private static var malformed: FormError { FormError(.malformed, "stored samples cannot be read") }
}

private struct Reader {
    var bytes: ArraySlice<UInt8>

    mutating func byte() -> UInt8? { bytes.popFirst() }

    mutating func leb128() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            // The tenth byte has room for one bit.
            guard shift < 63 || byte <= 1 else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    mutating func littleEndian() -> UInt64? {
        guard bytes.count >= 8 else { return nil }
        let value = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        bytes.removeFirst(8)
        return value
    }
}

extension [UInt8] {
    fileprivate mutating func append(leb128 value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    fileprivate mutating func append(littleEndian value: UInt64) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
