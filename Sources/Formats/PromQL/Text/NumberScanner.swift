/// Finds the end of a number or a duration, as `scanNumber` and `acceptRemainingDuration` of Prometheus do.
struct NumberScanner {
    enum Literal {
        case number, duration
    }

    private let bytes: ArraySlice<UInt8>
    /// How many bytes have been read.
    private(set) var length = 0

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    private var next: UInt8? {
        let index = bytes.startIndex + length
        return index < bytes.endIndex ? bytes[index] : nil
    }

    private mutating func accept(_ accepted: String) -> Bool {
        guard let next, accepted.utf8.contains(next) else { return false }
        length += 1
        return true
    }

    private mutating func skip(_ accepted: String) {
        while accept(accepted) {}
    }

    /// Nil when the text is neither; `length` is then what was looked at.
    mutating func read() -> Literal? {
        if readNumber() { return .number }
        return readRestOfDuration() ? .duration : nil
    }

    private mutating func readNumber() -> Bool {
        var digits = "0123456789_"
        if accept("0"), accept("xX") { digits = "0123456789abcdefABCDEF_" }
        skip(digits)
        if accept(".") { skip(digits) }
        if accept("eE") {
            _ = accept("+-")
            skip("0123456789_")
        }
        return isAtEndOfWord
    }

    private mutating func readRestOfDuration() -> Bool {
        guard accept("smhdwy") else { return false }
        _ = accept("s")
        while accept("0123456789") {
            skip("0123456789")
            guard accept("smhdw") else { return false }
            _ = accept("s")
        }
        return isAtEndOfWord
    }

    private var isAtEndOfWord: Bool { next.map { !Lexer.isLetter($0) && !Lexer.isDigit($0) } ?? true }

    /// The value of a number's text: decimal, hexadecimal, octal with a leading 0, with `_` between digits; nil when it
    /// is none, or too large.
    static func value(of text: String) -> Double? {
        switch text.lowercased() {
        case "inf": return .infinity
        case "nan": return .nan
        default: break
        }
        let bytes = Array(text.utf8)
        guard bytes.first != UInt8(ascii: "_"), bytes.last != UInt8(ascii: "_"), !text.contains("__"),
            !text.contains("_."), !text.contains("._")
        else { return nil }
        let plain = text.replacing("_", with: "").lowercased()
        if plain.hasPrefix("0x") {
            guard let value = UInt64(plain.dropFirst(2), radix: 16), value <= Int64.max else { return nil }
            return Double(value)
        }
        if plain.hasPrefix("0"), plain.utf8.count > 1, let octal = Int64(plain, radix: 8) { return Double(octal) }
        // An exponent without digits is no number, whatever the system's own reader makes of it.
        guard let last = plain.utf8.last, Lexer.isDigit(last) || last == UInt8(ascii: ".") else { return nil }
        guard let value = Double(plain.hasSuffix(".") ? plain + "0" : plain), value.isFinite else { return nil }
        return value
    }

    /// Milliseconds of a duration such as `1h30m`: units from large to small, each at most once; nil when it is none, or
    /// longer than Prometheus can count.
    static func milliseconds(ofDuration text: String) -> Int64? {
        var units: [(name: String, milliseconds: Int64)] = [
            ("y", 31_536_000_000), ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000),
            ("s", 1000), ("ms", 1),
        ]
        var rest = Substring(text)
        var total: Int64 = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let count = Int64(digits), let index = units.firstIndex(where: { $0.name == unit }) else {
                return nil
            }
            let (product, overflow) = count.multipliedReportingOverflow(by: units[index].milliseconds)
            let (sum, carry) = total.addingReportingOverflow(product)
            guard !overflow, !carry, sum <= Int64.max / 1_000_000 else { return nil }
            total = sum
            units.removeFirst(index + 1)
        }
        return total
    }
}
