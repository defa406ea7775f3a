import Text

/// Why a text is not JSON, in one sentence.
package struct JSONParseError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Bytes before the place of the error.
    package let offset: Int
    package let problem: String

    package var description: String { "\(problem) at byte \(offset)" }
}

/// Reads RFC 8259 JSON strictly: no comments, no trailing commas, no repeated members, bounded nesting.
///
/// Foundation's readers neither tell a repeated member nor keep the digits of a number, and cannot be given a depth.
package struct JSONParser {
    /// What is read beside RFC 8259, and what of it is refused.
    package enum Rules: Sendable {
        /// No repeated members, no half surrogate pairs, finite numbers of at most 64 digits.
        case strict
        /// As Java's Jackson reads: of repeated members the last counts, half a surrogate pair becomes U+FFFD, numbers
        /// have any length, and there is no byte order mark.
        case java
    }

    let bytes: [UInt8]
    private let maximumDepth: Int
    private let rules: Rules
    private(set) var position = 0

    /// Behind a byte order mark, where the rules know one.
    init(_ bytes: [UInt8], maximumDepth: Int, rules: Rules) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        self.rules = rules
        if rules == .strict, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// - Parameter maximumDepth: how deep arrays and objects may be nested; the text `1` has depth 0.
    package static func parse(
        _ bytes: [UInt8],
        maximumDepth: Int,
        rules: Rules = .strict
    ) throws(JSONParseError) -> JSONValue {
        var parser = JSONParser(bytes, maximumDepth: maximumDepth, rules: rules)
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.error("unexpected text after the value") }
        return value
    }

    func error(_ problem: String, at offset: Int? = nil) -> JSONParseError {
        JSONParseError(offset: offset ?? position, problem: problem)
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    mutating func consume(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        position += 1
        return true
    }

    /// The next value's text, without the space before it.
    mutating func text() throws(JSONParseError) -> [UInt8] {
        skipSpace()
        let start = position
        _ = try value(depth: 1)
        return Array(bytes[start..<position])
    }

    private mutating func value(depth: Int) throws(JSONParseError) -> JSONValue {
        skipSpace()
        switch next {
        case nil: throw error("the text ends where a value is expected")
        case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONParseError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw error("unexpected text") }
        position += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(JSONParseError) -> JSONObject {
        guard depth <= maximumDepth else { throw error("values are nested more than \(maximumDepth) deep") }
        position += 1
        var object = JSONObject()
        if consume(UInt8(ascii: "}")) { return object }
        repeat {
            skipSpace()
            let start = position
            guard next == UInt8(ascii: "\"") else { throw error("a member name in quotes is expected") }
            let name = try string()
            guard rules == .java || object[name] == nil else {
                throw error("the member \"\(name.excerpt())\" is repeated", at: start)
            }
            guard consume(UInt8(ascii: ":")) else { throw error("a colon is expected") }
            object[name] = try value(depth: depth)
        } while consume(UInt8(ascii: ","))
        guard consume(UInt8(ascii: "}")) else { throw error("a comma or } is expected") }
        return object
    }

    private mutating func array(depth: Int) throws(JSONParseError) -> [JSONValue] {
        guard depth <= maximumDepth else { throw error("values are nested more than \(maximumDepth) deep") }
        position += 1
        var elements: [JSONValue] = []
        if consume(UInt8(ascii: "]")) { return elements }
        repeat {
            elements.append(try value(depth: depth))
        } while consume(UInt8(ascii: ","))
        guard consume(UInt8(ascii: "]")) else { throw error("a comma or ] is expected") }
        return elements
    }

    private mutating func number() throws(JSONParseError) -> String {
        let start = position
        func isDigit(_ byte: UInt8?) -> Bool { byte.map { (48...57).contains($0) } ?? false }
        if next == UInt8(ascii: "-") { position += 1 }
        guard isDigit(next) else { throw error("unexpected text", at: start) }
        if next == UInt8(ascii: "0") {
            position += 1
        } else {
            while isDigit(next) { position += 1 }
        }
        if next == UInt8(ascii: ".") {
            position += 1
            guard isDigit(next) else { throw error("a digit is expected after the decimal point") }
            while isDigit(next) { position += 1 }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            guard isDigit(next) else { throw error("a digit is expected in the exponent") }
            while isDigit(next) { position += 1 }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard rules == .java || (position - start <= 64 && Double(text)?.isFinite == true) else {
            throw error("the number is out of range", at: start)
        }
        return text
    }
}

extension JSONParser {
    mutating func string() throws(JSONParseError) -> String {
        position += 1
        var content: [UInt8] = []
        var start = position
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                content += bytes[start..<position]
                position += 1
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw error("the string is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"):
                content += bytes[start..<position]
                content += try escape().utf8
                start = position
            case 0..<0x20:
                throw error("a control character must be escaped")
            default:
                position += 1
            }
        }
        throw error("the text ends inside a string")
    }

    private mutating func escape() throws(JSONParseError) -> String {
        let start = position
        position += 1
        guard let byte = next else { throw error("the text ends inside a string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(UnicodeScalar(byte))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let first = try hexadecimal()
            if let scalar = UnicodeScalar(UInt32(first)) { return String(scalar) }
            let afterFirst = position
            if UTF16.isLeadSurrogate(first), bytes[position...].starts(with: [0x5C, 0x75]) {
                position += 2
                let second = try hexadecimal()
                if UTF16.isTrailSurrogate(second) { return String(decoding: [first, second], as: UTF16.self) }
            }
            guard rules == .java else { throw error("half of a surrogate pair stands alone", at: start) }
            position = afterFirst
            return "\u{FFFD}"
        default: throw error("unknown escape", at: start)
        }
    }

    private mutating func hexadecimal() throws(JSONParseError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = next.flatMap({ Character(UnicodeScalar($0)).hexDigitValue }) else {
                throw error("four hexadecimal digits are expected")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}
