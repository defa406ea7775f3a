import Foundation

/// The `assay …` command lines of a page's shell blocks.
struct DocumentedCommand {
    /// The words after `assay`.
    var arguments: [String]
    /// The file that is read as standard input.
    var input: String?
    /// In a `console` block: what the command answers.
    var output = ""

    static func all(of page: MarkdownPage) -> [DocumentedCommand] {
        page.blocks.flatMap { block in
            switch block.language {
            case "sh": lines(block.text).compactMap { DocumentedCommand($0) }
            case "console": console(block.text)
            default: [DocumentedCommand]()
            }
        }
    }

    /// Commands follow `$ `; everything up to the next one is output.
    private static func console(_ text: String) -> [DocumentedCommand] {
        var commands: [DocumentedCommand?] = []
        for line in lines(text) {
            if line.hasPrefix("$ ") {
                commands.append(DocumentedCommand(String(line.dropFirst(2))))
            } else if let last = commands.indices.last {
                commands[last]?.output += line + "\n"
            }
        }
        return commands.compactMap { command in
            guard var command else { return nil }
            while command.output.hasSuffix("\n\n") { command.output.removeLast() }
            return command
        }
    }

    private static func lines(_ text: String) -> [String] {
        var text = text.replacing("\\\n", with: " ")
        while text.hasSuffix("\n") { text.removeLast() }
        return text.components(separatedBy: "\n")
    }

    /// nil when the line runs something else.
    private init?(_ line: String) {
        var words = Self.words(line)[...]
        while let word = words.first, word.contains("="), word.first?.isUppercase == true { words.removeFirst() }
        guard words.first == "assay" else { return nil }
        words.removeFirst()
        let end = words.firstIndex { ["|", "<", ">", "&&", "||", ";", "&", "#"].contains($0) } ?? words.endIndex
        arguments = Array(words[..<end])
        if end < words.endIndex, words[end] == "<" { input = words[(end + 1)...].first }
    }

    /// Words as a shell splits them; enough for documentation.
    private static func words(_ line: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in line {
            if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                word = word ?? ""
            } else if character == " " {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let done = word { words.append(done) }
        return words
    }
}
