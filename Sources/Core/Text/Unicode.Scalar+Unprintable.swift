extension Unicode.Scalar {
    /// Whether it is no sign to be read: it moves the cursor or ends the line (C0, C1, U+0085, U+2028, U+2029), turns the
    /// direction of what follows, or is not seen at all. The two joiners, which scripts and emoji need, are none of these.
    package var isUnprintable: Bool {
        // Most texts are ASCII, and a look into the tables of Unicode takes long.
        if value < 0x80 { return value < 0x20 || value == 0x7F }
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return true
        case .format: return value != 0x200C && value != 0x200D
        default: return false
        }
    }
}

extension StringProtocol {
    /// Whether a scalar of it is unprintable.
    package var holdsUnprintable: Bool { unicodeScalars.contains(where: \.isUnprintable) }
}
