/// A place in a text file; lines and columns count from 1, columns in Unicode scalars.
package struct FilePosition: Sendable, Hashable, Comparable {
    package var line: Int
    package var column: Int

    package static let start = FilePosition(line: 1, column: 1)

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static func < (left: FilePosition, right: FilePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
