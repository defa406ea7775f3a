/// A part of the judge's memory that has bytes of its own: its kind, its form, then numbers little-endian.
package protocol StoredState {
    static var kind: StateKind { get }

    /// About how many bytes it takes.
    var room: Int { get }

    func write(to writer: inout StateWriter)

    /// Reads what `write(to:)` has written, in this version or an earlier one.
    init(from reader: inout StateReader) throws(SequentialStateError)
}

extension StoredState {
    package var encoded: [UInt8] {
        var writer = StateWriter(Self.kind, room: room)
        write(to: &writer)
        return writer.finished()
    }

    /// Reads what `encoded` has written, in this version or an earlier one.
    ///
    /// - Throws: `SequentialStateError` for bytes that are no such state.
    package init(decoding bytes: [UInt8]) throws(SequentialStateError) {
        var reader = try StateReader(bytes, Self.kind)
        try self.init(from: &reader)
        try reader.end()
    }
}
