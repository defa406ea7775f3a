/// Writes a state as bytes: numbers little-endian, in a fixed order.
package struct StateWriter {
    private(set) var bytes: [UInt8] = []

    /// Begins a state of a kind, with room for a number of bytes.
    init(_ kind: StateKind, room: Int) {
        bytes.reserveCapacity(room)
        write(kind)
    }

    private mutating func write(_ kind: StateKind) {
        bytes.append(kind.rawValue)
        bytes.append(kind.form)
    }

    /// Begins a part of a state.
    init(room: Int) {
        bytes.reserveCapacity(room)
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

    /// A number that may be missing, in the same room.
    mutating func write(optional number: Double?) {
        write(number != nil)
        write(number ?? 0)
    }

    mutating func write(_ numbers: SIMD4<Double>) {
        for index in 0..<4 { write(numbers[index]) }
    }

    mutating func write(_ numbers: SIMD8<Double>) {
        #if _endian(little)
        unsafe withUnsafeBytes(of: numbers) { unsafe bytes.append(contentsOf: $0) }
        #else
        for index in 0..<8 { write(numbers[index]) }
        #endif
    }

    /// Many numbers, the bulk of a state: at once.
    mutating func write(_ numbers: [Double]) {
        #if _endian(little)
        unsafe numbers.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        #else
        for number in numbers { write(number) }
        #endif
    }

    /// A number of half the size.
    mutating func write(_ number: Float) {
        unsafe withUnsafeBytes(of: number.bitPattern.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// Bytes behind their number.
    mutating func write(part bytes: [UInt8]) {
        write(bytes.count)
        self.bytes.append(contentsOf: bytes)
    }

    /// A state of its own, behind the number of its bytes; nothing is a number of 0.
    mutating func write(part state: (some StoredState)?) {
        let start = bytes.count
        write(0)
        guard let state else { return }
        write(type(of: state).kind)
        state.write(to: &self)
        let count = UInt64(bytes.count - start - 8)
        for byte in 0..<8 { bytes[start + byte] = UInt8(truncatingIfNeeded: count >> UInt64(8 * byte)) }
    }

    private mutating func write(_ bits: UInt64) {
        unsafe withUnsafeBytes(of: bits.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }
}
