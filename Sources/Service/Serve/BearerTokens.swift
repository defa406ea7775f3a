/// The tokens of a secret, one a line: while one is being replaced, the file holds the old one and the new one.
package enum BearerTokens {
    package static func read(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).map { line in
            var line = line
            while line.first?.isWhitespace == true { line.removeFirst() }
            while line.last?.isWhitespace == true { line.removeLast() }
            return String(line)
        }.filter { !$0.isEmpty }
    }
}
