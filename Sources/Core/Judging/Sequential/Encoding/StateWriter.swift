/// Writes a state as bytes: numbers little-endian, in a fixed order.
package struct StateWriter {
    /// What has been written, and room behind it.
    private var storage: [UInt8]
    private var position = 0

    /// Begins a state of a kind, with room for a number of bytes.
    init(_ kind: StateKind, room: Int) {
        self.init(room: room)
        write(kind)
    }

    /// Begins a part of a state.
    init(room: Int) {
        storage = Array(repeating: 0, count: max(room, 16))
    }

    /// What has been written.
    var bytes: [UInt8] { Array(storage[..<position]) }

    /// What has been written, without a copy. Nothing is written after it.
    mutating func finished() -> [UInt8] {
        storage.removeLast(storage.count - position)
        return storage
    }

    private mutating func write(_ kind: StateKind) {
        write(kind.rawValue)
        write(kind.form)
    }

    mutating func write(_ number: Double) {
        write(number.bitPattern)
    }

    /// A count or index; never negative.
    mutating func write(_ count: Int) {
        write(UInt64(count))
    }

    mutating func write(_ flag: Bool) {
        write(flag ? 1 as UInt8 : 0)
    }

    mutating func write(_ byte: UInt8) {
        makeRoom(for: 1)
        storage[position] = byte
        position += 1
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
        unsafe numbers.withUnsafeBytes { unsafe write($0) }
        #else
        for number in numbers { write(number) }
        #endif
    }

    /// A number of half the size.
    mutating func write(_ number: Float) {
        unsafe withUnsafeBytes(of: number.bitPattern.littleEndian) { unsafe write($0) }
    }

    /// Bytes behind their number.
    mutating func write(part bytes: [UInt8]) {
        write(bytes.count)
        unsafe bytes.withUnsafeBytes { unsafe write($0) }
    }

    /// A state of its own, behind the number of its bytes; nothing is a number of 0.
    mutating func write(part state: (some StoredState)?) {
        let start = position
        write(0)
        guard let state else { return }
        write(type(of: state).kind)
        state.write(to: &self)
        store(UInt64(position - start - 8), at: start)
    }

    private mutating func write(_ bits: UInt64) {
        makeRoom(for: 8)
        store(bits, at: position)
        position += 8
    }

    private mutating func write(_ bytes: UnsafeRawBufferPointer) {
        makeRoom(for: bytes.count)
        let start = position
        unsafe storage.withUnsafeMutableBytes { storage in
            unsafe UnsafeMutableRawBufferPointer(rebasing: storage[start..<start + bytes.count]).copyMemory(from: bytes)
        }
        position += bytes.count
    }

    /// Where there is room.
    private mutating func store(_ bits: UInt64, at place: Int) {
        precondition(place >= 0 && place + 8 <= storage.count)
        unsafe storage.withUnsafeMutableBytes { storage in
            unsafe storage.storeBytes(of: bits.littleEndian, toByteOffset: place, as: UInt64.self)
        }
    }

    private mutating func makeRoom(for count: Int) {
        guard storage.count - position < count else { return }
        storage.append(contentsOf: repeatElement(0, count: max(count, storage.count)))
    }
}
