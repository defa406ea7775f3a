/// A finite double as decimal digits: the shortest text that reads back as the same number.
///
/// Rounding works on these digits, not on the binary value, so that 2.675 rounds to 2.68 as people expect.
struct DecimalText: Equatable {
    private(set) var isNegative: Bool
    /// 0 to 9 each, without leading zeros; empty for zero.
    private(set) var digits: [UInt8]
    /// Where the point stands: the value is 0.d₁d₂d₃… * 10^point.
    private(set) var point: Int

    /// Nil for NaN and infinities.
    init?(_ value: Double) {
        guard value.isFinite else { return nil }
        isNegative = value.sign == .minus
        digits = []
        point = 0
        var seenPoint = false
        var text = Substring(value.magnitude.description)
        if let mark = text.firstIndex(of: "e") {
            point = Int(text[text.index(after: mark)...]) ?? 0
            text = text[..<mark]
        }
        for byte in text.utf8 {
            if byte == UInt8(ascii: ".") {
                seenPoint = true
            } else {
                if !seenPoint { point += 1 }
                digits.append(byte - UInt8(ascii: "0"))
            }
        }
        normalise()
    }

    /// Rounds half away from zero to so many decimal places.
    func rounded(toPlaces places: Int) -> DecimalText {
        let kept = point + places
        guard kept < digits.count else { return self }
        var result = self
        guard kept >= 0 else {
            result.digits = []
            result.normalise()
            return result
        }
        let roundsUp = digits[kept] >= 5
        result.digits = Array(digits[..<kept])
        if roundsUp { result.increment() }
        result.normalise()
        return result
    }

    /// The nearest double.
    var value: Double {
        let text = digits.map { String($0) }.joined()
        let magnitude = text.isEmpty ? 0 : Double("0.\(text)e\(point)") ?? .nan
        return isNegative ? -magnitude : magnitude
    }

    private mutating func increment() {
        var index = digits.count - 1
        while index >= 0, digits[index] == 9 {
            digits[index] = 0
            index -= 1
        }
        if index >= 0 {
            digits[index] += 1
        } else {
            digits.insert(1, at: 0)
            point += 1
        }
    }

    private mutating func normalise() {
        let leading = digits.prefix { $0 == 0 }.count
        digits.removeFirst(leading)
        point -= leading
        while digits.last == 0 { digits.removeLast() }
        if digits.isEmpty { point = 0 }
    }
}

extension Double {
    /// Rounded half up to so many decimal places, as the shortest decimal text reads; NaN and infinities as they are.
    func roundedHalfUp(toPlaces places: Int) -> Double {
        DecimalText(self)?.rounded(toPlaces: places).value ?? self
    }
}
