import Text

extension String {
    /// Text from outside inside of a line of a terminal: it can neither move the cursor nor end the line.
    package var terminalText: String {
        guard unicodeScalars.contains(where: \.isUnprintable) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            text.unicodeScalars.append(scalar.isUnprintable ? " " : scalar)
        }
    }
}
