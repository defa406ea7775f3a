extension Unicode.Scalar {
    /// Whether it is no sign to be read: it moves the cursor or ends the line (C0, C1, U+0085, U+2028, U+2029), turns the
    /// direction of what follows, or is not seen at all, as variation selectors, fillers and the blank of Braille. The two
    /// joiners, which scripts and emoji need, are none of these.
    package var isUnprintable: Bool {
        // Most texts are ASCII, and a look into the tables of Unicode takes long.
        if value < 0x80 { return value < 0x20 || value == 0x7F }
        if isJoiner { return false }
        // The blank of Braille (U+2800) is a symbol to Unicode.
        if value == 0x2800 || properties.isDefaultIgnorableCodePoint { return true }
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .format: return true
        default: return false
        }
    }

    fileprivate var isJoiner: Bool { value == 0x200C || value == 0x200D }

    /// Whether a joiner behind it can be seen by what it does. In Latin, Greek and Cyrillic, and after digits, it does nothing.
    fileprivate var canBeJoined: Bool { value >= 0x0590 && !isJoiner }
}

extension StringProtocol {
    /// Whether a scalar of it is unprintable, or a joiner that joins nothing.
    package var holdsUnprintable: Bool {
        var previous: Unicode.Scalar = " "
        for scalar in unicodeScalars {
            if scalar.isUnprintable || (scalar.isJoiner && !previous.canBeJoined) { return true }
            previous = scalar
        }
        return false
    }
}
