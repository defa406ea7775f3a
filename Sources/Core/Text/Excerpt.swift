extension StringProtocol {
    /// The beginning of a text from outside, fit for a message: one line without control characters, bounded.
    ///
    /// Counts scalars, because one character can be a base with any number of marks.
    package func excerpt(_ maximumScalars: Int = 64) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in unicodeScalars.prefix(maximumScalars) {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: kept.append("\u{FFFD}")
            // Direction marks and the like change how the rest of the line is shown.
            case .format where scalar.value != 0x200D: kept.append("\u{FFFD}")
            default: kept.append(scalar)
            }
        }
        return String(kept)
    }
}
