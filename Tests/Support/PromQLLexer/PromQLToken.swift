/// A small PromQL lexer of the tests' own, so that an expansion is not checked with the code that made it.
package enum PromQLToken: Sendable, Equatable {
    case string([UInt8])
    case word(String)
    case symbol(String)

    /// The token without the content of a string: what is left is the structure of a query.
    package var shape: String {
        switch self {
        case .string: "string"
        case .word(let word): word
        case .symbol(let symbol): symbol
        }
    }

    package struct Malformed: Error {
        package var reason: String
    }

    package static func tokens(of query: String) throws -> [PromQLToken] {
        var rest = Array(query.utf8)[...]
        var tokens: [PromQLToken] = []
        while let byte = rest.first {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: rest.removeFirst()
            case UInt8(ascii: "#"): rest = rest.drop { $0 != 0x0A && $0 != 0x0D }
            case UInt8(ascii: "\""), UInt8(ascii: "'"): tokens.append(.string(try string(&rest)))
            case UInt8(ascii: "`"):
                let content = rest.dropFirst().prefix { $0 != byte }
                rest = rest.dropFirst(content.count + 1)
                guard rest.popFirst() == byte else { throw Malformed(reason: "open raw string") }
                tokens.append(.string(Array(content)))
            case UInt8(ascii: "=") where rest.dropFirst().first == UInt8(ascii: "~"),
                UInt8(ascii: "!") where rest.dropFirst().first == UInt8(ascii: "~"):
                tokens.append(.symbol(String(decoding: rest.prefix(2), as: UTF8.self)))
                rest = rest.dropFirst(2)
            default:
                let word = rest.prefix(while: isWord)
                if word.isEmpty {
                    guard (0x21..<0x7F).contains(byte) else { throw Malformed(reason: "byte \(byte) outside a string") }
                    tokens.append(.symbol(String(decoding: rest.prefix(1), as: UTF8.self)))
                    rest.removeFirst()
                } else {
                    tokens.append(.word(String(decoding: word, as: UTF8.self)))
                    rest = rest.dropFirst(word.count)
                }
            }
        }
        return tokens
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch Unicode.Scalar(byte) {
        case "a"..."z", "A"..."Z", "0"..."9", "_", ":", ".": true
        default: false
        }
    }

    private static func string(_ rest: inout ArraySlice<UInt8>) throws -> [UInt8] {
        let quote = rest.removeFirst()
        var content: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case quote: return content
            case 0..<0x20, 0x7F: throw Malformed(reason: "control byte \(byte) in a string")
            case UInt8(ascii: "\\"): content += try escape(&rest, quote: quote)
            default: content.append(byte)
            }
        }
        throw Malformed(reason: "open string")
    }

    private static func escape(_ rest: inout ArraySlice<UInt8>, quote: UInt8) throws -> [UInt8] {
        let plain: [Unicode.Scalar: UInt8] = [
            "a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "\\": 0x5C,
        ]
        guard let kind = rest.popFirst() else { throw Malformed(reason: "open escape") }
        if let byte = plain[Unicode.Scalar(kind)] { return [byte] }
        if kind == quote { return [quote] }
        let widths: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
        guard let width = widths[Unicode.Scalar(kind)] else { throw Malformed(reason: "unknown escape \(kind)") }
        guard rest.count >= width,
            let value = UInt32(String(decoding: rest.prefix(width), as: UTF8.self), radix: 16)
        else { throw Malformed(reason: "bad digits") }
        rest = rest.dropFirst(width)
        if width == 2 { return [UInt8(value & 0xFF)] }
        guard let scalar = Unicode.Scalar(value) else { throw Malformed(reason: "no scalar") }
        return Array(String(Character(scalar)).utf8)
    }
}
