/// Reads a string literal: in double or single quotes with Go's escapes, or in backticks without any.
struct StringScanner {
    /// A part of what a string means.
    enum Element: Equatable {
        case byte(UInt8)
        /// `${name}` of a template.
        case placeholder(String)
    }

    struct Result {
        var elements: [Element] = []
        /// The offset after the closing quote.
        var end = 0
    }

    private let bytes: [UInt8]
    private let start: Int
    private let isTemplate: Bool
    private var position: Int
    private var elements: [Element] = []

    init(_ bytes: [UInt8], from start: Int, isTemplate: Bool) {
        self.bytes = bytes
        self.start = start
        self.isTemplate = isTemplate
        position = start
    }

    func read() throws(SyntaxProblem) -> Result {
        var scanner = self
        return try scanner.scan()
    }

    private mutating func scan() throws(SyntaxProblem) -> Result {
        let quote = bytes[position]
        let isRaw = quote == UInt8(ascii: "`")
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case quote:
                return Result(elements: elements, end: position + 1)
            case 0x0A where !isRaw: throw unterminated(quote)
            case UInt8(ascii: "\\") where !isRaw: try readEscape(quote: quote)
            case UInt8(ascii: "$") where isTemplate && next == UInt8(ascii: "$"):
                elements.append(.byte(byte))
                position += 2
            case UInt8(ascii: "$") where isTemplate && next == UInt8(ascii: "{") && !isRaw:
                guard let end = bytes[position...].prefix(128).firstIndex(of: UInt8(ascii: "}")) else {
                    throw SyntaxProblem("this ${ is never closed with }", at: position)
                }
                elements.append(.placeholder(String(decoding: bytes[(position + 2)..<end], as: UTF8.self)))
                position = end + 1
            // The replacement character itself: Prometheus takes it for broken UTF-8.
            case 0xEF where bytes[position...].starts(with: [0xEF, 0xBF, 0xBD]):
                throw SyntaxProblem("U+FFFD is not accepted in a string", at: position)
            default:
                elements.append(.byte(byte))
                position += 1
            }
        }
        throw unterminated(quote)
    }

    private var next: UInt8? { position + 1 < bytes.count ? bytes[position + 1] : nil }

    private func unterminated(_ quote: UInt8) -> SyntaxProblem {
        let line = quote == UInt8(ascii: "`") ? "" : " on the same line"
        return SyntaxProblem(
            "this string is never closed: \(Character(Unicode.Scalar(quote))) is missing\(line)",
            at: start
        )
    }

    private static let plain: [Unicode.Scalar: UInt8] = [
        "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 0x5C,
    ]

    private mutating func readEscape(quote: UInt8) throws(SyntaxProblem) {
        let place = position
        guard let kind = next else { throw unterminated(quote) }
        if let byte = kind == quote ? quote : Self.plain[Unicode.Scalar(kind)] {
            elements.append(.byte(byte))
            position += 2
            return
        }
        let form: (skipped: Int, digits: Int, radix: UInt32)
        switch Character(Unicode.Scalar(kind)) {
        case "0"..."7": form = (1, 3, 8)
        case "x": form = (2, 2, 16)
        case "u": form = (2, 4, 16)
        case "U": form = (2, 8, 16)
        default:
            let accepted =
                "\\\\ (as in \\\\d of a regular expression), \\n, \\t, \\x41, \\u0041 and the quote are accepted"
            throw SyntaxProblem("this backslash starts no escape: \(accepted)", at: place)
        }
        var value: UInt32 = 0
        position += form.skipped
        for _ in 0..<form.digits {
            guard position < bytes.count,
                let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue, digit < form.radix
            else { throw SyntaxProblem("this escape is not complete: \(form.digits) digits are needed", at: place) }
            let (product, overflow) = value.multipliedReportingOverflow(by: form.radix)
            guard !overflow else { throw SyntaxProblem("this escape is no character", at: place) }
            value = product + UInt32(digit)
            position += 1
        }
        if form.radix == 8 || form.digits == 2 {
            guard let byte = UInt8(exactly: value) else { throw SyntaxProblem("this escape is no byte", at: place) }
            elements.append(.byte(byte))
        } else {
            guard let scalar = Unicode.Scalar(value) else {
                throw SyntaxProblem("this escape is no character", at: place)
            }
            elements += UTF8.encode(scalar).map { $0.map(Element.byte) } ?? []
        }
    }
}
