extension Double {
    /// The number for a sentence that people read once: three significant digits, thousands set apart (`18,000`), and
    /// millions and billions in words (`1.23 million`).
    package var brief: String {
        guard let exact = DecimalText(self) else { return readable }
        let decimal = exact.rounded(toPlaces: 3 - exact.point)
        let value = decimal.value
        switch value.magnitude {
        case 1e12...: return value.readable
        case 1e9...: return "\((value / 1e9).readable) billion"
        case 1e6...: return "\((value / 1e6).readable) million"
        case 1e3...:
            let digits = value.magnitude.readable
            return "\(value < 0 ? "-" : "")\(digits.dropLast(3)),\(digits.suffix(3))"
        default: return value.readable
        }
    }

    /// Things that were counted, for a sentence: whole ones, where rates give fractions.
    package var briefCount: String {
        switch self {
        case 0: "none"
        case 0..<0.5: "less than 1"
        case 0.5..<1000: rounded().brief
        default: brief
        }
    }
}
