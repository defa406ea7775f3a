extension StringProtocol {
    /// The beginning of a text from outside, fit for a message: one line without unprintable characters, bounded.
    ///
    /// Counts scalars, because one character can be a base with any number of marks.
    package func excerpt(_ maximumScalars: Int = 64) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in unicodeScalars.prefix(maximumScalars) {
            kept.append(scalar.isUnprintable ? "\u{FFFD}" : scalar)
        }
        return String(kept)
    }
}
