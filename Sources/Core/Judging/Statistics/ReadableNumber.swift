extension Double {
    /// The number for a sentence: four significant digits, all digits of a larger whole part, an exponent only where
    /// the plain form would be long.
    package var readable: String {
        // A NaN may have a sign, which says nothing.
        guard let exact = DecimalText(self) else { return isNaN ? "NaN" : self < 0 ? "-Inf" : "Inf" }
        let places = exact.point > 15 ? 4 - exact.point : Swift.max(4 - exact.point, 0)
        let decimal = exact.rounded(toPlaces: places)
        guard !decimal.digits.isEmpty else { return "0" }
        let digits = decimal.digits.map { String($0) }.joined()
        let point = decimal.point
        let sign = decimal.isNegative ? "-" : ""
        switch point {
        case -4...0:
            return "\(sign)0.\(String(repeating: "0", count: -point))\(digits)"
        case 1...15 where point >= digits.count:
            return "\(sign)\(digits)\(String(repeating: "0", count: point - digits.count))"
        case 1...15:
            return "\(sign)\(digits.prefix(point)).\(digits.dropFirst(point))"
        default:
            let fraction = digits.dropFirst()
            return "\(sign)\(digits.prefix(1))\(fraction.isEmpty ? "" : ".\(fraction)")e\(point - 1)"
        }
    }
}
