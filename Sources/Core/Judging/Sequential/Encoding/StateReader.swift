/// Reads a state from bytes that may be damaged. Each number is checked where it is read.
struct StateReader {
    private let bytes: [UInt8]
    private var position = 0
    /// The form that was written.
    let form: UInt8

    /// No sum of a state comes near it; the limit keeps what is computed from damaged bytes finite.
    private static let largest = 1e60
    private static let largestCount: UInt64 = 1 << 53

    /// Begins with the kind and the form, which must be `kind` and one that this version reads.
    init(_ bytes: [UInt8], _ kind: StateKind) throws(SequentialStateError) {
        guard bytes.count >= 2 else { throw .tooShort(bytes.count) }
        guard bytes[0] == kind.rawValue else { throw .otherKind(bytes[0]) }
        guard (1...kind.form).contains(bytes[1]) else { throw .unknownForm(bytes[1]) }
        self.bytes = bytes
        form = bytes[1]
        position = 2
    }

    /// A part of a state, whose form is that of the whole.
    init(part bytes: [UInt8], form: UInt8) {
        self.bytes = bytes
        self.form = form
    }

    mutating func byte() throws(SequentialStateError) -> UInt8 {
        guard position < bytes.count else { throw .tooShort(bytes.count) }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func flag(_ field: String) throws(SequentialStateError) -> Bool {
        switch try byte() {
        case 0: false
        case 1: true
        default: throw .impossible(field)
        }
    }

    /// A finite number of a size that can be.
    mutating func number(_ field: String) throws(SequentialStateError) -> Double {
        let number = Double(bitPattern: try bits())
        guard number.magnitude <= Self.largest else { throw .impossible(field) }
        return number
    }

    /// A finite number that is not negative.
    mutating func amount(_ field: String) throws(SequentialStateError) -> Double {
        let number = try number(field)
        guard number >= 0 else { throw .impossible(field) }
        return number
    }

    /// A finite number, or none.
    mutating func optional(_ field: String) throws(SequentialStateError) -> Double? {
        let isThere = try flag(field)
        let number = try number(field)
        guard isThere || number.bitPattern == 0 else { throw .impossible(field) }
        return isThere ? number : nil
    }

    /// A count of at most `limit`.
    mutating func count(_ field: String, upTo limit: Int = 1 << 53) throws(SequentialStateError) -> Int {
        let bits = try bits()
        guard bits <= Self.largestCount, bits <= UInt64(max(limit, 0)) else { throw .impossible(field) }
        return Int(bits)
    }

    /// Many finite numbers of a size that can be.
    mutating func numbers(_ count: Int, _ field: String) throws(SequentialStateError) -> [Double] {
        guard count >= 0, count <= (bytes.count - position) / 8 else { throw .tooShort(bytes.count) }
        let start = position
        var isPossible = true
        let numbers = unsafe bytes.withUnsafeBytes { bytes in
            (0..<count).map { index in
                let bits = unsafe bytes.loadUnaligned(fromByteOffset: start + 8 * index, as: UInt64.self)
                let number = Double(bitPattern: UInt64(littleEndian: bits))
                isPossible = isPossible && number.magnitude <= Self.largest
                return number
            }
        }
        guard isPossible else { throw .impossible(field) }
        position += 8 * count
        return numbers
    }

    /// Numbers of half the size, whatever they are.
    mutating func floats(_ count: Int) throws(SequentialStateError) -> [Float] {
        guard count >= 0, count <= (bytes.count - position) / 4 else { throw .tooShort(bytes.count) }
        let start = position
        position += 4 * count
        return unsafe bytes.withUnsafeBytes { bytes in
            (0..<count).map { index in
                let bits = unsafe bytes.loadUnaligned(fromByteOffset: start + 4 * index, as: UInt32.self)
                return Float(bitPattern: UInt32(littleEndian: bits))
            }
        }
    }

    /// Bytes as they are.
    mutating func raw(_ count: Int) throws(SequentialStateError) -> [UInt8] {
        guard count >= 0, count <= bytes.count - position else { throw .tooShort(bytes.count) }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func four(_ field: String) throws(SequentialStateError) -> SIMD4<Double> {
        var numbers = SIMD4<Double>.zero
        for index in 0..<4 { numbers[index] = try number(field) }
        return numbers
    }

    mutating func eight(_ field: String) throws(SequentialStateError) -> SIMD8<Double> {
        var numbers = SIMD8<Double>.zero
        for index in 0..<8 { numbers[index] = try number(field) }
        return numbers
    }

    /// Nothing may follow.
    func end() throws(SequentialStateError) {
        guard position == bytes.count else { throw .tooLong(extra: bytes.count - position) }
    }

    private mutating func bits() throws(SequentialStateError) -> UInt64 {
        guard bytes.count - position >= 8 else { throw .tooShort(bytes.count) }
        var bits: UInt64 = 0
        for byte in 0..<8 { bits |= UInt64(bytes[position + byte]) << UInt64(8 * byte) }
        position += 8
        return bits
    }
}
