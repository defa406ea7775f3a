extension Double {
    /// The number for a sentence: four significant digits, all digits of a larger whole part, an exponent only where
    /// the plain form would be long.
    package var readable: String {
        // A NaN may have a sign, which says nothing.
        guard let exact = DecimalText(self) else { return isNaN ? "NaN" : self < 0 ? "-Inf" : "Inf" }
        return exact.rounded(toPlaces: exact.point > 15 ? 4 - exact.point : Swift.max(4 - exact.point, 0)).text
    }
}
