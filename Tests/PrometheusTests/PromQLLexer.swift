/// An independent, small PromQL lexer for tests: what the filled query means, string by string.
enum PromQLLexer {
    enum Token: Equatable {
        case string(String)
        /// Everything else, character by character; blanks and comments are dropped.
        case other(Unicode.Scalar)
    }

    struct Failure: Error {}

    static func tokens(_ query: String) throws -> [Token] {
        var tokens: [Token] = []
        var rest = Array(query.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            switch scalar {
            case " ", "\t", "\n", "\r": continue
            case "#": while let next = rest.first, next != "\n" { rest.removeFirst() }
            case "`":
                var text = String.UnicodeScalarView()
                while let next = rest.popFirst(), next != "`" { text.append(next) }
                tokens.append(.string(String(text)))
            case "\"", "'": tokens.append(.string(try string(&rest, quote: scalar)))
            default: tokens.append(.other(scalar))
            }
        }
        return tokens
    }

    private static func string(_ rest: inout ArraySlice<Unicode.Scalar>, quote: Unicode.Scalar) throws -> String {
        var text = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            switch scalar {
            case quote: return String(text)
            case "\n", "\u{FFFD}": throw Failure()
            case "\\":
                guard let kind = rest.popFirst() else { throw Failure() }
                switch kind {
                case "n": text.append("\n")
                case "r": text.append("\r")
                case "t": text.append("\t")
                case "\\", quote: text.append(kind)
                case "x": text.append(try hexadecimal(&rest, 2))
                case "u": text.append(try hexadecimal(&rest, 4))
                default: throw Failure()
                }
            default: text.append(scalar)
            }
        }
        throw Failure()
    }

    private static func hexadecimal(_ rest: inout ArraySlice<Unicode.Scalar>, _ count: Int) throws -> Unicode.Scalar {
        let digits = String(String.UnicodeScalarView(rest.prefix(count)))
        rest = rest.dropFirst(count)
        guard digits.unicodeScalars.count == count, let value = UInt32(digits, radix: 16),
            let scalar = Unicode.Scalar(value)
        else { throw Failure() }
        return scalar
    }
}
