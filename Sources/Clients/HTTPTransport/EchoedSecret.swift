/// A secret as it may stand in what a server says: as it is, or as programs write it that show a request again:
/// percent-encoded, with the escapes of JSON or HTML, in base64, or cut off where the text is.
struct EchoedSecret {
    /// A shorter secret would be found by chance, and blank out what explains the failure.
    static let minimumBytes = 4

    private static let ellipsis = Array("…".utf8)

    private let forms: [[UInt8]]

    /// Nil for what is too short.
    init?(_ secret: String) {
        let bytes = Array(secret.utf8)
        guard bytes.count >= Self.minimumBytes else { return nil }
        let base64 = Base64.encode(bytes)
        forms = [bytes, base64, Base64.urlForm(of: base64)]
    }

    /// The text with a mark in place of each occurrence.
    func removed(from text: [UInt8], mark: [UInt8]) -> [UInt8] {
        var rest = text
        for form in forms { rest = Self.removed(form, from: rest, mark: mark) }
        return rest
    }

    private static func removed(_ secret: [UInt8], from text: [UInt8], mark: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var offset = 0
        while offset < text.count {
            if let end = Self.end(of: secret, in: text, from: offset) {
                result += mark
                offset = end
            } else if let end = Self.endOfBeginning(of: secret, in: text, from: offset) {
                result += mark
                offset = end
            } else {
                result.append(text[offset])
                offset += 1
            }
        }
        return result
    }

    /// Where the secret ends that begins at a place of the text, as it is or with escapes; nil when none does.
    private static func end(of secret: [UInt8], in text: [UInt8], from start: Int) -> Int? {
        if text[start...].starts(with: secret) { return start + secret.count }
        var offset = start
        for byte in secret {
            guard let next = Self.next(after: byte, in: text, at: offset) else { return nil }
            offset = next
        }
        return offset
    }

    /// Where the text goes on after a byte, which may be written as an escape; nil when it is another one.
    private static func next(after byte: UInt8, in text: [UInt8], at offset: Int) -> Int? {
        guard offset < text.count else { return nil }
        if let length = Self.lengthOfEscape(of: byte, in: text, at: offset) { return offset + length }
        return text[offset] == byte ? offset + 1 : nil
    }

    /// The same for the beginning of a secret that stands before the mark of a text that was cut, in the middle of an escape
    /// maybe.
    private static func endOfBeginning(of secret: [UInt8], in text: [UInt8], from start: Int) -> Int? {
        var (offset, found) = (start, 0)
        while found < secret.count, let next = Self.next(after: secret[found], in: text, at: offset) {
            offset = next
            found += 1
        }
        guard found >= Self.minimumBytes, offset < text.count else { return nil }
        let rest = text[offset...]
        if rest.starts(with: Self.ellipsis) { return offset }
        guard Self.beginsEscape(text[offset]) else { return nil }
        return (1...5).lazy.map { offset + $0 }.first { $0 < text.count && text[$0...].starts(with: Self.ellipsis) }
    }

    /// How many bytes an escape has that stands for a byte; nil when there is none here.
    private static func lengthOfEscape(of byte: UInt8, in text: [UInt8], at offset: Int) -> Int? {
        guard beginsEscape(text[offset]) || text[offset] == UInt8(ascii: "+") else { return nil }
        let rest = text[offset...].prefix(6)
        return Self.escapes(of: byte).first { escape in
            escape.count <= rest.count && zip(rest, escape).allSatisfy { Self.lowered($0) == $1 }
        }?.count
    }

    private static func beginsEscape(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "&")
    }

    /// In lower case.
    private static func escapes(of byte: UInt8) -> [[UInt8]] {
        let digits = (byte < 16 ? "0" : "") + String(byte, radix: 16)
        var escapes = ["%\(digits)", "\\u00\(digits)", "&#\(byte);", "&#x\(digits);"]
        switch byte {
        case UInt8(ascii: " "): escapes.append("+")
        case UInt8(ascii: "/"), UInt8(ascii: "\\"): escapes.append("\\" + String(UnicodeScalar(byte)))
        case UInt8(ascii: "\""): escapes += ["\\\"", "&quot;"]
        case UInt8(ascii: "'"): escapes += ["\\'", "&apos;"]
        case UInt8(ascii: "&"): escapes.append("&amp;")
        case UInt8(ascii: "<"): escapes.append("&lt;")
        case UInt8(ascii: ">"): escapes.append("&gt;")
        default: break
        }
        return escapes.map { Array($0.utf8) }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
