/// The two kinds of numbers in a sample.
enum SampleNumbers {
    private static let powersOfTen: [Double] = (0...22).reduce(into: []) { powers, _ in
        powers.append((powers.last ?? 0.1) * 10)
    }

    /// A timestamp in seconds as milliseconds, rounded; nil when it is not a number or out of all bounds.
    static func milliseconds(_ text: ArraySlice<UInt8>) -> Int64? {
        var rest = text
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        var milliseconds: Int64 = 0
        // Digits after the point taken so far; nil before it.
        var decimals: Int?
        var roundsUp = false
        var digits = 0
        guard rest.count <= 24 else { return nil }
        for byte in rest {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let digit = Int64(byte - UInt8(ascii: "0"))
                digits += 1
                if decimals == 3 { roundsUp = digit >= 5 }
                if let taken = decimals { decimals = taken + 1 }
                guard decimals ?? 0 <= 3 else { continue }
                milliseconds = milliseconds * 10 + digit
                // Whole seconds below 10^13, so that nothing overflows when they become milliseconds.
                guard decimals != nil || milliseconds < 10_000_000_000_000 else { return nil }
            case UInt8(ascii: ".") where decimals == nil: decimals = 0
            default: return exponential(text)
            }
        }
        guard digits > 0 else { return nil }
        for _ in 0..<max(0, 3 - (decimals ?? 0)) { milliseconds *= 10 }
        if roundsUp { milliseconds += 1 }
        return isNegative ? -milliseconds : milliseconds
    }

    /// A value: decimal, `NaN`, `+Inf` or `-Inf`; nil for anything else.
    static func value(_ text: ArraySlice<UInt8>) -> Double? {
        var rest = text
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        var mantissa: UInt64 = 0
        var digits = 0
        var decimals: Int?
        for byte in rest {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits += 1
                if let taken = decimals { decimals = taken + 1 }
                guard digits <= 15 else { return parsed(text) }
                mantissa = mantissa * 10 + UInt64(byte - UInt8(ascii: "0"))
            case UInt8(ascii: ".") where decimals == nil: decimals = 0
            default: return parsed(text)
            }
        }
        guard digits > 0 else { return nil }
        // Both are exact below 2^53 and 10^22, so that one division rounds correctly (Clinger 1990).
        let value = Double(mantissa) / powersOfTen[decimals ?? 0]
        return isNegative ? -value : value
    }

    private static func exponential(_ text: ArraySlice<UInt8>) -> Int64? {
        guard let seconds = parsed(text), abs(seconds) < 10_000_000_000_000 else { return nil }
        return Int64((seconds * 1000).rounded())
    }

    private static func parsed(_ text: ArraySlice<UInt8>) -> Double? {
        if text.count < 400, text.allSatisfy(isNumberByte) { return Double(String(decoding: text, as: UTF8.self)) }
        return switch String(decoding: text.prefix(400), as: UTF8.self) {
        case "NaN": .nan
        case "+Inf", "Inf": .infinity
        case "-Inf": -.infinity
        default: nil
        }
    }

    private static func isNumberByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
}
