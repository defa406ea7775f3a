/// Follows paragraphs and lists, line by line, to tell code that is only indented from the text of a list.
struct MarkdownOutline {
    /// Where the text of the list under way begins; 0 outside of lists.
    private var indentation = 0
    private var isAfterBlank = true

    /// Whether the line is code by its indentation alone.
    mutating func isIndentedCode(_ line: String) -> Bool {
        defer { isAfterBlank = line.allSatisfy { $0 == " " } }
        let spaces = line.prefix { $0 == " " }.count
        guard spaces < line.count else { return false }
        if let item = line.prefixMatch(of: #/ *([-*]|[0-9]+\.) +/#), spaces < indentation + 4 {
            indentation = item.0.count
            return false
        }
        guard isAfterBlank else { return false }
        if spaces == 0 { indentation = 0 }
        return spaces >= indentation + 4
    }
}
