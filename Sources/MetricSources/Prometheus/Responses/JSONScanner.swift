/// A cursor over the bytes of a JSON text. Reads what the caller expects, skips what it does not know, builds no tree.
struct JSONScanner {
    static let maximumDepth = 64

    private let bytes: [UInt8]
    private(set) var offset: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // A byte order mark, as some proxies put before a text.
        offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The next byte that is not blank, left in place; 0 at the end.
    mutating func peek() -> UInt8 {
        while offset < bytes.count {
            let byte = bytes[offset]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            offset += 1
        }
        return 0
    }

    mutating func skip(_ expected: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: expected), offset < bytes.count else { return false }
        offset += 1
        return true
    }

    mutating func expect(_ expected: Unicode.Scalar) throws(ResponseFailure) {
        guard skip(expected) else { throw malformed("\"\(expected)\" is missing") }
    }

    func malformed(_ reason: String) -> ResponseFailure {
        .malformed("\(reason) (at byte \(offset))")
    }

    /// Reads `{"key": value, …}`; `member` reads each value.
    mutating func object(_ member: (inout JSONScanner, String) throws(ResponseFailure) -> Void) throws(ResponseFailure)
    {
        try expect("{")
        if skip("}") { return }
        repeat {
            let key = try string()
            try expect(":")
            try member(&self, key)
        } while skip(",")
        try expect("}")
    }

    /// Reads `[value, …]`; `element` reads each value.
    mutating func array(_ element: (inout JSONScanner) throws(ResponseFailure) -> Void) throws(ResponseFailure) {
        try expect("[")
        if skip("]") { return }
        repeat { try element(&self) } while skip(",")
        try expect("]")
    }

    mutating func end() throws(ResponseFailure) {
        guard peek() == 0, offset == bytes.count else { throw malformed("something follows the end") }
    }

    /// Steps over one value of any kind, without recursion.
    mutating func skipValue() throws(ResponseFailure) {
        var depth = 0
        repeat {
            switch peek() {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                offset += 1
                depth += 1
                guard depth <= Self.maximumDepth else { throw malformed("values are nested too deeply") }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0 else { throw malformed("a value is missing") }
                offset += 1
                depth -= 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                guard depth > 0 else { throw malformed("a value is missing") }
                offset += 1
            case UInt8(ascii: "\""):
                _ = try stringBytes()
            default:
                guard !word().isEmpty else { throw malformed("a value is missing") }
            }
        } while depth > 0
    }

    /// The characters of a number or a word such as `null`.
    mutating func word() -> ArraySlice<UInt8> {
        _ = peek()
        let start = offset
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
                offset += 1
            default:
                return bytes[start..<offset]
            }
        }
        return bytes[start..<offset]
    }

    mutating func skipNull() -> Bool {
        guard peek() == UInt8(ascii: "n") else { return false }
        let start = offset
        if word().elementsEqual("null".utf8) { return true }
        offset = start
        return false
    }

    /// The raw bytes between the quotes of a string, and whether any is escaped.
    mutating func stringBytes() throws(ResponseFailure) -> (bytes: ArraySlice<UInt8>, isEscaped: Bool) {
        try expect("\"")
        let start = offset
        var isEscaped = false
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                defer { offset += 1 }
                return (bytes[start..<offset], isEscaped)
            case UInt8(ascii: "\\"):
                isEscaped = true
                offset += 2
            case 0..<0x20:
                throw malformed("a control character stands in a string")
            default:
                offset += 1
            }
        }
        offset = bytes.count
        throw malformed("a string does not end")
    }

    mutating func string() throws(ResponseFailure) -> String {
        let (raw, isEscaped) = try stringBytes()
        guard isEscaped else { return String(decoding: raw, as: UTF8.self) }
        guard let text = JSONEscapes.decode(raw) else { throw malformed("a string has a wrong escape") }
        return text
    }
}
