extension Double {
    /// The number for a sentence that people read once: three significant digits, thousands set apart (`18,000`), and
    /// millions and billions in words (`1.23 million`).
    package var brief: String {
        guard let exact = DecimalText(self) else { return readable }
        let decimal = exact.rounded(toPlaces: 3 - exact.point)
        switch decimal.point {
        case 13...: return decimal.text
        case 10...: return "\(decimal.dividedByTen(times: 9).text) billion"
        case 7...: return "\(decimal.dividedByTen(times: 6).text) million"
        case 4...: return decimal.textWithComma
        default: return decimal.text
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
