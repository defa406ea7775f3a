import PromQL
import Yams

/// A text in a file, and where each of its characters stands there.
///
/// YAML folds lines, takes away indentation and reads escapes; what is no white space stays in its order, and by that
/// order a place is found again.
struct ScalarText: Sendable, Equatable {
    let content: String
    private let start: FilePosition

    init?(_ node: Node) {
        guard case .scalar(let scalar) = node, let position = node.position else { return nil }
        content = scalar.string
        start = position
    }

    /// Where a place of the text stands in the file; the start of the text where that cannot be told.
    func position(of place: SourcePlace, in file: String) -> FilePosition {
        let wanted = visibleScalars(before: place)
        var source = ScalarSource(file, from: start)
        var remaining = wanted.count
        var last = start
        for expected in content.unicodeScalars where !ScalarSource.isBlank(expected) {
            guard let (scalar, position, end) = source.next(), scalar == nil || scalar == expected else { return start }
            if remaining == 0 { return position }
            remaining -= 1
            last = end
        }
        // The place is the end of the text.
        return last
    }

    private func visibleScalars(before place: SourcePlace) -> [Unicode.Scalar] {
        var (line, column) = (1, 1)
        var found: [Unicode.Scalar] = []
        for scalar in content.unicodeScalars {
            if (line, column) >= (place.line, place.column) { break }
            if !ScalarSource.isBlank(scalar) { found.append(scalar) }
            if scalar == "\n" { (line, column) = (line + 1, 1) } else { column += 1 }
        }
        return found
    }
}

/// Walks over the visible characters of a scalar as its file spells them.
private struct ScalarSource {
    private enum Style {
        case plain, single, double
    }

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var position: FilePosition
    private var style = Style.plain

    /// Longer texts than a plan's longest query end here.
    private static let maximumScalars = 128 * 1024

    init(_ file: String, from start: FilePosition) {
        position = start
        var line = 1
        var rest = file.unicodeScalars[...]
        while line < start.line, let end = rest.firstIndex(of: "\n") {
            rest = rest[rest.index(after: end)...]
            line += 1
        }
        scalars = Array(rest.dropFirst(start.column - 1).prefix(Self.maximumScalars))
        skipHead()
    }

    static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
    }

    private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
        index + distance < scalars.count ? scalars[index + distance] : nil
    }

    private mutating func skip(_ count: Int) {
        for _ in 0..<count {
            guard let scalar = peek() else { return }
            index += 1
            position =
                scalar == "\n"
                ? FilePosition(line: position.line + 1, column: 1)
                : FilePosition(line: position.line, column: position.column + 1)
        }
    }

    /// An anchor, a tag, the sign of a block and its line, or an opening quote.
    private mutating func skipHead() {
        while let scalar = peek(), scalar == "&" || scalar == "!" {
            while let next = peek(), !Self.isBlank(next) { skip(1) }
            while let next = peek(), Self.isBlank(next) { skip(1) }
        }
        switch peek() {
        case "|", ">": while let next = peek(), next != "\n" { skip(1) }
        case "'":
            style = .single
            skip(1)
        case "\"":
            style = .double
            skip(1)
        default: break
        }
    }

    /// The next visible character (nil for one that is written as an escape), where it stands and where it ends.
    mutating func next() -> (scalar: Unicode.Scalar?, start: FilePosition, end: FilePosition)? {
        while let scalar = peek() {
            let start = position
            switch (style, scalar) {
            case (_, _) where Self.isBlank(scalar): skip(1)
            case (.single, "'"):
                skip(2)
                return (nil, start, position)
            case (.double, "\\"):
                guard let kind = peek(1) else { return nil }
                skip(2 + (["x": 2, "u": 4, "U": 8] as [Unicode.Scalar: Int])[kind, default: 0])
                if !(["n", "t", "r", " ", "\n", "\r"] as [Unicode.Scalar]).contains(kind) {
                    return (nil, start, position)
                }
            default:
                skip(1)
                return (scalar, start, position)
            }
        }
        return nil
    }
}
