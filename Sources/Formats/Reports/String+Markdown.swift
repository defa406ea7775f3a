extension String {
    /// Text from outside inside of Markdown: it stays in its cell, and is not read as markup.
    package var markdownText: String {
        unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case _ where scalar.properties.generalCategory == .control: text += " "
            case "|", "\\", "`", "*", "_", "[", "]", "<", ">", "#": text += "\\\(scalar)"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}

extension [String] {
    /// As a row of a table in Markdown.
    var markdownRow: String { "| " + map(\.markdownText).joined(separator: " | ") + " |" }
}
