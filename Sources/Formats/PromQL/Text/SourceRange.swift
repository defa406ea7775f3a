/// A part of a query's text: offsets of UTF-8 bytes, the end not included.
///
/// All ranges are equal to each other: where an expression stands is no part of what it means.
package struct SourceRange: Sendable, Hashable {
    package var start: Int
    package var end: Int

    package init(start: Int, end: Int) {
        self.start = start
        self.end = end
    }

    /// From the start of this range to the end of another.
    func through(_ other: SourceRange) -> SourceRange { SourceRange(start: start, end: other.end) }

    package static func == (left: SourceRange, right: SourceRange) -> Bool { true }
    package func hash(into hasher: inout Hasher) {}
}

/// A place in a query's text. Both numbers count from 1, columns in Unicode scalars.
package struct SourcePlace: Sendable, Equatable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The place of a byte.
    package init(of offset: Int, in text: some Collection<UInt8>) {
        (line, column) = (1, 1)
        for byte in text.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
    }
}
