/// Reads a state from bytes that may be damaged. Each number is checked where it is read.
package struct StateReader {
    private let bytes: [UInt8]
    private var position: Int
    /// What is behind it belongs to something else.
    private let limit: Int
    /// The form that was written.
    let form: UInt8

    /// No sum of a state comes near it; the limit keeps what is computed from damaged bytes finite.
    private static let largest = 1e60
    private static let largestCount: UInt64 = 1 << 53
    private static let largestPart = 1 << 24

    /// Begins with the kind and the form, which must be `kind` and one that this version reads.
    init(_ bytes: [UInt8], _ kind: StateKind) throws(SequentialStateError) {
        try self.init(bytes, bytes.indices, kind)
    }

    private init(_ bytes: [UInt8], _ state: Range<Int>, _ kind: StateKind) throws(SequentialStateError) {
        guard state.count >= 2 else { throw .tooShort(bytes.count) }
        let (found, form) = (bytes[state.lowerBound], bytes[state.lowerBound + 1])
        guard found == kind.rawValue else { throw .otherKind(found) }
        guard (1...kind.form).contains(form) else { throw .unknownForm(form) }
        self.bytes = bytes
        self.form = form
        position = state.lowerBound + 2
        limit = state.upperBound
    }

    /// A part of a state, whose form is that of the whole.
    private init(_ bytes: [UInt8], _ part: Range<Int>, form: UInt8) {
        self.bytes = bytes
        self.form = form
        position = part.lowerBound
        limit = part.upperBound
    }

    mutating func byte() throws(SequentialStateError) -> UInt8 {
        guard position < limit else { throw .tooShort(bytes.count) }
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
        guard count >= 0, count <= (limit - position) / 8 else { throw .tooShort(bytes.count) }
        let start = position
        let numbers = unsafe bytes.withUnsafeBytes { bytes in
            (0..<count).map { index in
                let bits = unsafe bytes.loadUnaligned(fromByteOffset: start + 8 * index, as: UInt64.self)
                return Double(bitPattern: UInt64(littleEndian: bits))
            }
        }
        var isPossible = true
        for number in numbers { isPossible = (number.magnitude <= Self.largest) && isPossible }
        guard isPossible else { throw .impossible(field) }
        position += 8 * count
        return numbers
    }

    /// Numbers of half the size, whatever they are.
    mutating func floats(_ count: Int) throws(SequentialStateError) -> [Float] {
        guard count >= 0, count <= (limit - position) / 4 else { throw .tooShort(bytes.count) }
        let start = position
        position += 4 * count
        return unsafe bytes.withUnsafeBytes { bytes in
            (0..<count).map { index in
                let bits = unsafe bytes.loadUnaligned(fromByteOffset: start + 4 * index, as: UInt32.self)
                return Float(bitPattern: UInt32(littleEndian: bits))
            }
        }
    }

    mutating func four(_ field: String) throws(SequentialStateError) -> SIMD4<Double> {
        var numbers = SIMD4<Double>.zero
        for index in 0..<4 { numbers[index] = try number(field) }
        return numbers
    }

    mutating func eight(_ field: String) throws(SequentialStateError) -> SIMD8<Double> {
        guard limit - position >= 64 else { throw .tooShort(bytes.count) }
        let start = position
        position += 64
        let bits = unsafe bytes.withUnsafeBytes { bytes in
            unsafe bytes.loadUnaligned(fromByteOffset: start, as: SIMD8<UInt64>.self)
        }
        var numbers = SIMD8<Double>.zero
        for index in 0..<8 { numbers[index] = Double(bitPattern: UInt64(littleEndian: bits[index])) }
        for index in 0..<8 where !(numbers[index].magnitude <= Self.largest) { throw .impossible(field) }
        return numbers
    }

    /// What reads the bytes that `write(part:)` has written; nil where there are none.
    mutating func contents(_ field: String) throws(SequentialStateError) -> StateReader? {
        guard let part = try range(field) else { return nil }
        return StateReader(bytes, part, form: form)
    }

    /// The bytes that `write(part:)` has written; nil where there are none.
    mutating func part(_ field: String) throws(SequentialStateError) -> [UInt8]? {
        try range(field).map { Array(bytes[$0]) }
    }

    /// Where the bytes are that follow behind their number.
    private mutating func range(_ field: String) throws(SequentialStateError) -> Range<Int>? {
        let count = try count(field, upTo: Self.largestPart)
        guard count > 0 else { return nil }
        guard count <= limit - position else { throw .tooShort(bytes.count) }
        defer { position += count }
        return position..<position + count
    }

    /// The state that `write(part:)` has written; nil where there is none.
    mutating func part<State: StoredState>(
        _ field: String,
        as state: State.Type = State.self
    ) throws(SequentialStateError) -> State? {
        guard let range = try range(field) else { return nil }
        var reader = try StateReader(bytes, range, State.kind)
        let part = try State(from: &reader)
        try reader.end()
        return part
    }

    /// Nothing may follow.
    func end() throws(SequentialStateError) {
        guard position == limit else { throw .tooLong(extra: limit - position) }
    }

    private mutating func bits() throws(SequentialStateError) -> UInt64 {
        guard limit - position >= 8 else { throw .tooShort(bytes.count) }
        let start = position
        position += 8
        let bits = unsafe bytes.withUnsafeBytes { bytes in
            unsafe bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
        }
        return UInt64(littleEndian: bits)
    }
}
