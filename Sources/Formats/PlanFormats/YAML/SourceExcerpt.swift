/// A line of a file and a mark under one of its characters.
package struct SourceExcerpt: Sendable, Equatable, CustomStringConvertible {
    /// Characters that are shown before and after the mark.
    private static let reach = 70

    private let line: String
    private let column: Int

    /// Nil where the file has no such line.
    init?(of position: FilePosition, in file: String) {
        guard let scalars = Self.line(position.line, of: file) else { return nil }
        let first = max(0, position.column - 1 - Self.reach)
        let shown = scalars.dropFirst(first).prefix(2 * Self.reach)
        let visible = shown.map { scalar -> Character in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: " "
            default: Character(scalar)
            }
        }
        guard visible.contains(where: { $0 != " " }) else { return nil }
        let margin = first > 0 ? 0 : visible.prefix { $0 == " " }.count
        line = String(visible.dropFirst(min(margin, position.column - 1)))
        column = position.column - 1 - first - min(margin, position.column - 1)
    }

    /// The character at a place of a file.
    static func scalar(at position: FilePosition, in file: String) -> Unicode.Scalar? {
        line(position.line, of: file)?.dropFirst(position.column - 1).first
    }

    private static func line(_ number: Int, of file: String) -> Substring.UnicodeScalarView? {
        var rest = file.unicodeScalars[...]
        for _ in 1..<max(1, number) {
            guard let end = rest.firstIndex(of: "\n") else { return nil }
            rest = rest[rest.index(after: end)...]
        }
        return rest.prefix { $0 != "\n" && $0 != "\r" }
    }

    /// Two lines, indented.
    package var description: String { "    \(line)\n    \(String(repeating: " ", count: max(0, column)))^" }
}
