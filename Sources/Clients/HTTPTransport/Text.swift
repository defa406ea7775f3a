/// Text from outside, made fit for an error message.
package enum Text {
    /// One line of at most `maximumCharacters`, control characters replaced by spaces.
    package static func oneLine(_ text: some StringProtocol, maximumCharacters: Int = 300) -> String {
        var line = ""
        var count = 0
        for character in text {
            guard count < maximumCharacters else { return line + "…" }
            let isControl = character.unicodeScalars.contains { scalar in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: true
                default: false
                }
            }
            // A character may be a base with any number of marks; bound those too.
            if isControl || character.utf8.count > 64 {
                if line.last != " ", !line.isEmpty { line.append(" ") }
            } else {
                line.append(character)
            }
            count += 1
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
