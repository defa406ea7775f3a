/// An escape of a PromQL string literal, as Prometheus' `lexEscape` accepts it.
enum StringEscape {
    case scalar(Unicode.Scalar)
    case number(Number)

    /// An escape by number: `\x41`, `\u0041`, `\U00000041` or `\101`.
    struct Number {
        /// How many scalars come before the digits, with the backslash.
        var skipped: Int
        var digits: Int
        var radix: UInt32
        /// Whether it stands for a byte rather than for a character.
        var isByte: Bool

        /// The number; nil when a digit is none, or the number is no byte or no character.
        func value(of digits: some Sequence<Unicode.Scalar>) -> UInt32? {
            var value: UInt32 = 0
            for digit in digits {
                guard digit.isASCII, let number = Character(digit).hexDigitValue, number < radix else { return nil }
                let (product, overflow) = value.multipliedReportingOverflow(by: radix)
                guard !overflow else { return nil }
                value = product | UInt32(number)
            }
            guard isByte ? value <= 0xFF : Unicode.Scalar(value) != nil else { return nil }
            return value
        }
    }

    /// The escape that starts with a backslash and this scalar; nil when there is none.
    init?(kind: Unicode.Scalar, quote: Unicode.Scalar) {
        switch kind {
        case "a": self = .scalar("\u{7}")
        case "b": self = .scalar("\u{8}")
        case "f": self = .scalar("\u{C}")
        case "n": self = .scalar("\n")
        case "r": self = .scalar("\r")
        case "t": self = .scalar("\t")
        case "v": self = .scalar("\u{B}")
        case "\\", quote: self = .scalar(kind)
        case "x": self = .number(Number(skipped: 2, digits: 2, radix: 16, isByte: true))
        case "u": self = .number(Number(skipped: 2, digits: 4, radix: 16, isByte: false))
        case "U": self = .number(Number(skipped: 2, digits: 8, radix: 16, isByte: false))
        case "0"..."7": self = .number(Number(skipped: 1, digits: 3, radix: 8, isByte: true))
        default: return nil
        }
    }
}
