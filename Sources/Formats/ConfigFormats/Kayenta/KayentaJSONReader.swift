/// A strict JSON reader (RFC 8259) with bounded depth.
struct KayentaJSONReader {
    private static let deepest = 64

    private var text: UnsafeBufferPointer<UInt8>
    private var offset = 0
    private var depth = 0

    /// Reads one whole JSON text; throws with the byte at which it goes wrong.
    static func read(_ text: String) throws(KayentaError) -> KayentaJSON {
        var text = text
        let result = text.withUTF8 { bytes -> Result<KayentaJSON, KayentaError> in
            var reader = KayentaJSONReader(text: bytes)
            return Result { () throws(KayentaError) in try reader.whole() }
        }
        return try result.get()
    }

    private init(text: UnsafeBufferPointer<UInt8>) {
        self.text = text
    }

    private mutating func whole() throws(KayentaError) -> KayentaJSON {
        let value = try value()
        skipBlanks()
        guard offset == text.count else { throw wrong("there is text after the JSON value") }
        return value
    }

    private mutating func value() throws(KayentaError) -> KayentaJSON {
        skipBlanks()
        switch peek {
        case UInt8(ascii: "{"): return try nested { reader throws(KayentaError) in try reader.object() }
        case UInt8(ascii: "["): return try nested { reader throws(KayentaError) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func nested(
        _ read: (inout KayentaJSONReader) throws(KayentaError) -> KayentaJSON
    ) throws(KayentaError) -> KayentaJSON {
        depth += 1
        guard depth <= Self.deepest else { throw wrong("values nest deeper than \(Self.deepest)") }
        offset += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(KayentaError) -> KayentaJSON {
        var members: [String: KayentaJSON] = [:]
        if take("}") { return .object(members) }
        repeat {
            skipBlanks()
            let key = try string()
            guard take(":") else { throw wrong("':' is missing after a key") }
            members[key] = try value()
        } while take(",")
        guard take("}") else { throw wrong("',' or '}' is missing in an object") }
        return .object(members)
    }

    private mutating func array() throws(KayentaError) -> KayentaJSON {
        var elements: [KayentaJSON] = []
        if take("]") { return .array(elements) }
        repeat { elements.append(try value()) } while take(",")
        guard take("]") else { throw wrong("',' or ']' is missing in a list") }
        return .array(elements)
    }

    private mutating func word(_ word: String, _ value: KayentaJSON) throws(KayentaError) -> KayentaJSON {
        guard text[offset...].starts(with: word.utf8) else { throw wrong("no JSON value stands here") }
        offset += word.utf8.count
        return value
    }

    private mutating func number() throws(KayentaError) -> KayentaJSON {
        let start = offset
        if peek == UInt8(ascii: "-") { offset += 1 }
        let whole = digits()
        guard whole > 0, whole == 1 || text[offset - whole] != UInt8(ascii: "0") else {
            throw wrong("no JSON value stands here")
        }
        var isWhole = true
        if peek == UInt8(ascii: ".") {
            offset += 1
            isWhole = false
            guard digits() > 0 else { throw wrong("a number has no digits after its point") }
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            offset += 1
            isWhole = false
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { offset += 1 }
            guard digits() > 0 else { throw wrong("a number has no digits in its exponent") }
        }
        let digits = String(decoding: text[start..<offset], as: UTF8.self)
        if isWhole, let int = Int32(digits) { return .int(int) }
        guard let value = Double(digits) else { throw wrong("'\(digits)' is not a number") }
        return isWhole ? .long(value) : .double(value)
    }

    private mutating func digits() -> Int {
        let start = offset
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { offset += 1 }
        return offset - start
    }

    private mutating func string() throws(KayentaError) -> String {
        guard peek == UInt8(ascii: "\"") else { throw wrong("a text in quotes is missing") }
        offset += 1
        var bytes: [UInt8] = []
        while let byte = peek {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: try escape())
            case 0..<0x20: throw wrong("a text holds a control character")
            default: bytes.append(byte)
            }
        }
        throw wrong("a text has no closing quote")
    }

    private mutating func escape() throws(KayentaError) -> [UInt8] {
        guard let byte = peek else { throw wrong("a text has no closing quote") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0c]
        case UInt8(ascii: "n"): return [0x0a]
        case UInt8(ascii: "r"): return [0x0d]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw wrong("a text holds an unknown escape")
        }
    }

    /// One scalar, from one escape or a surrogate pair; half a pair becomes U+FFFD.
    private mutating func unicodeEscape() throws(KayentaError) -> [UInt8] {
        let first = try hexadecimal()
        var code = UInt32(first)
        if (0xd800..<0xdc00).contains(first), text[offset...].starts(with: "\\u".utf8) {
            let mark = offset
            offset += 2
            let second = try hexadecimal()
            if (0xdc00..<0xe000).contains(second) {
                code = 0x10000 + (UInt32(first) - 0xd800) << 10 + (UInt32(second) - 0xdc00)
            } else {
                offset = mark
            }
        }
        return Array(String(Character(UnicodeScalar(code) ?? "\u{fffd}")).utf8)
    }

    private mutating func hexadecimal() throws(KayentaError) -> UInt16 {
        var code: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
                throw wrong("a \\u escape needs four hexadecimal digits")
            }
            code = code << 4 | UInt16(digit)
            offset += 1
        }
        return code
    }

    private var peek: UInt8? { offset < text.count ? text[offset] : nil }

    private mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { offset += 1 }
    }

    private mutating func take(_ sign: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard let byte = peek, UInt32(byte) == sign.value else { return false }
        offset += 1
        return true
    }

    private func wrong(_ problem: String) -> KayentaError {
        KayentaError("The line is not JSON: \(problem) (byte \(offset)).")
    }
}
