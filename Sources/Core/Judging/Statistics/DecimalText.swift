/// A finite double as decimal digits: the shortest text that reads back as the same number.
///
/// Rounding works on these digits, not on the binary value, so that 2.675 rounds to 2.68 as people expect.
struct DecimalText: Equatable {
    private(set) var isNegative: Bool
    /// The digits as one whole number, of 17 digits at most, which does not end with 0; 0 for zero.
    private(set) var digits: UInt64
    /// How many digits there are.
    private(set) var count: Int
    /// Where the point stands: the value is 0.d₁d₂d₃… * 10^point.
    private(set) var point: Int

    /// Nil for NaN and infinities.
    init?(_ value: Double) {
        guard value.isFinite else { return nil }
        let isNegative = value.sign == .minus
        // Whole numbers up to here have no shorter text.
        if value.magnitude <= 0x1p53, value == value.rounded(.towardZero) {
            self.init(isNegative: isNegative, UInt64(value.magnitude), exponent: 0)
            return
        }
        var digits: UInt64 = 0
        var places = 0
        var exponent = 0
        var isInFraction = false
        var isInExponent = false
        var sign = 1
        for byte in value.magnitude.description.utf8 {
            switch byte {
            case UInt8(ascii: "."): isInFraction = true
            case UInt8(ascii: "e"): isInExponent = true
            case UInt8(ascii: "-"): sign = -1
            case UInt8(ascii: "+"): break
            default:
                let digit = byte - UInt8(ascii: "0")
                if isInExponent {
                    exponent = 10 * exponent + Int(digit)
                } else {
                    digits = 10 * digits + UInt64(digit)
                    if isInFraction { places += 1 }
                }
            }
        }
        self.init(isNegative: isNegative, digits, exponent: sign * exponent - places)
    }

    /// `digits` * 10^`exponent`.
    private init(isNegative: Bool, _ digits: UInt64, exponent: Int) {
        var digits = digits
        var exponent = exponent
        while digits > 0, digits.isMultiple(of: 10) {
            digits /= 10
            exponent += 1
        }
        var count = 0
        while count < Self.powers.count, digits >= Self.powers[count] { count += 1 }
        self.isNegative = isNegative
        self.digits = digits
        self.count = count
        point = digits > 0 ? count + exponent : 0
    }

    /// 10^0 to 10^19.
    private static let powers: [UInt64] = (0..<20).map { (0..<$0).reduce(1) { power, _ in 10 * power } }
    /// 10^0 to 10^22, each of which a double holds exactly.
    private static let exactPowers: [Double] = (0..<23).map { (0..<$0).reduce(1) { power, _ in 10 * power } }

    /// Rounds half away from zero to so many decimal places.
    func rounded(toPlaces places: Int) -> DecimalText {
        let kept = point + places
        guard kept < count else { return self }
        guard kept >= 0 else { return DecimalText(isNegative: isNegative, 0, exponent: 0) }
        let power = Self.powers[count - kept]
        let (whole, rest) = digits.quotientAndRemainder(dividingBy: power)
        return DecimalText(isNegative: isNegative, rest >= power / 2 ? whole + 1 : whole, exponent: point - kept)
    }

    /// The same digits with the point moved to the left.
    func dividedByTen(times: Int) -> DecimalText {
        var moved = self
        if digits > 0 { moved.point -= times }
        return moved
    }

    /// The nearest double.
    var value: Double {
        let exponent = point - count
        let magnitude: Double
        if digits <= 1 << 53, exponent.magnitude < Self.exactPowers.count {
            // One operation on two exact numbers is rounded as the decimal number is.
            let power = Self.exactPowers[Int(exponent.magnitude)]
            magnitude = exponent < 0 ? Double(digits) / power : Double(digits) * power
        } else {
            magnitude = Double("\(digits)e\(exponent)") ?? .nan
        }
        return isNegative ? -magnitude : magnitude
    }

    /// All digits; with an exponent where the plain form would be long.
    var text: String {
        guard digits > 0 else { return "0" }
        let sign = isNegative ? "-" : ""
        switch point {
        case -4...0:
            return sign + "0." + Self.text(digits, width: count - point)
        case 1...15 where point >= count:
            return sign + String(digits * Self.powers[point - count])
        case 1...15:
            let (whole, rest) = digits.quotientAndRemainder(dividingBy: Self.powers[count - point])
            return sign + String(whole) + "." + Self.text(rest, width: count - point)
        default:
            let (first, rest) = digits.quotientAndRemainder(dividingBy: Self.powers[count - 1])
            let fraction = count > 1 ? "." + Self.text(rest, width: count - 1) : ""
            return sign + String(first) + fraction + "e\(point - 1)"
        }
    }

    /// A whole number of 4 to 15 digits with a comma before the last three.
    var textWithComma: String {
        let (thousands, rest) = (digits * Self.powers[point - count]).quotientAndRemainder(dividingBy: 1000)
        return (isNegative ? "-" : "") + String(thousands) + "," + Self.text(rest, width: 3)
    }

    /// With zeros before the digits.
    private static func text(_ digits: UInt64, width: Int) -> String {
        let text = String(digits)
        let zeros = width - text.utf8.count
        return zeros > 0 ? String(repeating: "0", count: zeros) + text : text
    }
}

extension Double {
    /// Rounded half up to so many decimal places, as the shortest decimal text reads; NaN and infinities as they are.
    func roundedHalfUp(toPlaces places: Int) -> Double {
        DecimalText(self)?.rounded(toPlaces: places).value ?? self
    }
}
