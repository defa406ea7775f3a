/// The lines of a text with values separated by commas (RFC 4180): quoted fields, doubled quotation marks inside them.
///
/// A quoted field ends in its own line: no file of series has line breaks inside a field, and a quotation mark that was
/// never closed must not swallow the rest of the file.
struct DelimitedText {
    let file: String
    private let lines: [Substring]

    init(_ text: String, file: String) {
        self.file = file
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    /// Calls `body` with the number (from 1) and the fields of each line that is not blank.
    func forEach(_ body: (Int, [String]) throws(SeriesProblem) -> Void) throws(SeriesProblem) {
        for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
            try body(index + 1, try fields(of: line, number: index + 1))
        }
    }

    private func fields(of line: Substring, number: Int) throws(SeriesProblem) -> [String] {
        guard line.utf8.contains(UInt8(ascii: "\"")) else {
            return line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        var fields: [String] = []
        var rest = line
        while true {
            if rest.first == "\"" {
                fields.append(try quoted(&rest, number: number))
                guard rest.isEmpty || rest.first == "," else {
                    throw SeriesProblem(file, line: number, "text follows a quoted field")
                }
            } else {
                let field = rest.prefix { $0 != "," }
                guard !field.contains("\"") else {
                    throw SeriesProblem(file, line: number, "a quotation mark stands inside a field")
                }
                fields.append(String(field))
                rest = rest[field.endIndex...]
            }
            guard !rest.isEmpty else { return fields }
            rest.removeFirst()
        }
    }

    private func quoted(_ rest: inout Substring, number: Int) throws(SeriesProblem) -> String {
        var field = ""
        rest.removeFirst()
        while let character = rest.popFirst() {
            guard character == "\"" else {
                field.append(character)
                continue
            }
            guard rest.first == "\"" else { return field }
            field.append("\"")
            rest.removeFirst()
        }
        throw SeriesProblem(file, line: number, "a quoted field does not end")
    }
}

extension DelimitedText {
    /// A finite number; nil for an empty field and for the usual words of a missing value.
    static func number(_ field: String, file: String, line: Int) throws(SeriesProblem) -> Double? {
        let text = field.trimmedBlanks
        if ["", "nan", "na", "null", "none"].contains(text.lowercased()) { return nil }
        guard let value = Double(text), value.isFinite else {
            throw SeriesProblem(file, line: line, "\(text.prefix(40)) is no number")
        }
        return value
    }
}

extension StringProtocol {
    /// Without blanks at both ends.
    var trimmedBlanks: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
