/// Writes a state as bytes: numbers little-endian, in a fixed order.
struct StateWriter {
    private(set) var bytes: [UInt8] = []

    /// Begins a state of a kind, with room for a number of bytes.
    init(_ kind: StateKind, room: Int) {
        bytes.reserveCapacity(room)
        bytes.append(kind.rawValue)
        bytes.append(kind.form)
    }

    mutating func write(_ number: Double) {
        write(number.bitPattern)
    }

    /// A count or index; never negative.
    mutating func write(_ count: Int) {
        write(UInt64(count))
    }

    mutating func write(_ flag: Bool) {
        bytes.append(flag ? 1 : 0)
    }

    mutating func write(_ byte: UInt8) {
        bytes.append(byte)
    }

    mutating func write(_ numbers: SIMD4<Double>) {
        for index in 0..<4 { write(numbers[index]) }
    }

    mutating func write(_ numbers: SIMD8<Double>) {
        for index in 0..<8 { write(numbers[index]) }
    }

    private mutating func write(_ bits: UInt64) {
        for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * byte))) }
    }
}
