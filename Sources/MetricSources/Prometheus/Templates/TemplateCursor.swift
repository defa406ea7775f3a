/// Walks over a template's scalars and knows its place.
struct TemplateCursor {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private(set) var place = TemplatePlace()

    init(_ source: String) {
        scalars = Array(source.unicodeScalars)
    }

    /// The scalar so far ahead (or behind), nil past either end.
    func peek(_ offset: Int = 0) -> Unicode.Scalar? {
        let index = position + offset
        return scalars.indices.contains(index) ? scalars[index] : nil
    }

    /// The text of the next scalars, fewer at the end.
    func text(_ count: Int) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[position...].prefix(count))
        return String(text)
    }

    mutating func next() -> Unicode.Scalar? {
        guard let scalar = peek() else { return nil }
        position += 1
        if scalar == "\n" {
            place = TemplatePlace(line: place.line + 1, column: 1)
        } else {
            place.column += 1
        }
        return scalar
    }

    mutating func skip(_ count: Int) {
        for _ in 0..<count { _ = next() }
    }

    /// Reads `${name}`, of which the `$` is next.
    mutating func readVariable() throws(QueryTemplateError) -> QueryVariable {
        let start = place
        skip(2)
        var length = 0
        while let scalar = peek(length), scalar != "}" {
            guard scalar != "\n", scalar != "\"", scalar != "'", scalar != "`", scalar != "{" else { break }
            length += 1
        }
        guard peek(length) == "}" else {
            throw QueryTemplateError("this ${ is never closed with }; a plain $ before { is written $$", at: start)
        }
        let name = text(length)
        skip(length + 1)
        return try QueryVariable(named: name, at: start)
    }
}
