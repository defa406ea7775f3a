/// Writes a state as bytes: numbers little-endian, in a fixed order.
struct StateWriter {
    private(set) var bytes: [UInt8] = []

    /// Begins a state of a kind, with room for a number of bytes.
    init(_ kind: StateKind, room: Int) {
        bytes.reserveCapacity(room)
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
        for index in 0..<8 { write(numbers[index]) }
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

    /// Bytes as they are.
    mutating func write(raw bytes: [UInt8]) {
        self.bytes.append(contentsOf: bytes)
    }

    private mutating func write(_ bits: UInt64) {
        unsafe withUnsafeBytes(of: bits.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }
}
