/// A set of characters in a regular expression, `[a-z\d[:alpha:]]`.
struct CharacterSetSyntax {
    private static let named: Set<String> = [
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper",
        "word", "xdigit",
    ]

    private let scalars: [Unicode.Scalar?]
    private var index: Int

    /// - Parameter start: where the `[` stands.
    init(_ scalars: [Unicode.Scalar?], from start: Int) {
        self.scalars = scalars
        index = start + 1
    }

    private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
        index + distance < scalars.count ? scalars[index + distance] : nil
    }

    /// Where the text goes on after the `]`.
    mutating func read() throws(RegularExpressionProblem) -> Int {
        if peek() == "^" { index += 1 }
        var isFirst = true
        while let scalar = peek(), scalar != "]" || isFirst {
            isFirst = false
            if scalar == "[", peek(1) == ":", try skipNamed() { continue }
            guard let low = try character() else { continue }
            guard peek() == "-", let after = peek(1), after != "]" else { continue }
            index += 1
            guard let high = try character(), low <= high else {
                throw RegularExpressionProblem(problem: "a range in […] runs backwards")
            }
        }
        guard peek() == "]" else { throw RegularExpressionProblem(problem: "a ] is missing") }
        return index + 1
    }

    /// One character; nil for a class such as `\d`, which is no end of a range.
    private mutating func character() throws(RegularExpressionProblem) -> UInt32? {
        guard let scalar = peek() else { throw RegularExpressionProblem(problem: "a ] is missing") }
        guard scalar == "\\" else {
            index += 1
            return scalar.value
        }
        let (value, end) = try EscapeSyntax(scalars, from: index).read()
        index = end
        return value
    }

    /// `[:alpha:]`; false where no `:]` follows and the bracket is a character.
    private mutating func skipNamed() throws(RegularExpressionProblem) -> Bool {
        var length = 2
        while let scalar = peek(length), !(scalar == ":" && peek(length + 1) == "]") { length += 1 }
        guard peek(length) == ":" else { return false }
        var name = ""
        for offset in 2..<length {
            if let scalar = peek(offset) { name.unicodeScalars.append(scalar) }
        }
        if name.hasPrefix("^") { name.removeFirst() }
        guard Self.named.contains(name) else {
            throw RegularExpressionProblem(
                problem: "[:\(name.unicodeScalars.allSatisfy(\.isASCII) ? String(name.prefix(20)) : "…"):] is no class"
            )
        }
        index += length + 2
        return true
    }
}
