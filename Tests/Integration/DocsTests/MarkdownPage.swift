import Foundation
import Testing

/// A page of the documentation: its fenced blocks, and the text around them.
struct MarkdownPage: CustomTestStringConvertible {
    /// Relative to the root of the repository.
    let path: String
    private(set) var blocks: [Snippet] = []
    /// The lines outside of blocks.
    private(set) var prose = ""
    /// What no test can look at: code that is only indented, a fence that is not closed.
    private(set) var problems: [String] = []
    /// The commands of the page are run from its first to its last in one shell.
    private(set) var isRunInOrder = false

    var testDescription: String { path }

    init(path: String) throws {
        let text = try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
        self.init(path: path, text: text)
    }

    init(path: String, text: String) {
        self.path = path
        var open: Snippet?
        var indentation = 0
        var outline = MarkdownOutline()
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
            let content = line.drop { $0 == " " }
            guard content.hasPrefix("```") else {
                // A block in a list is indented as its fence is.
                if open != nil {
                    open?.text += line.dropFirst(min(indentation, line.count - content.count)) + "\n"
                    continue
                }
                prose += line + "\n"
                if line == Self.runInOrder { isRunInOrder = true }
                if outline.isIndentedCode(line) { problems.append("line \(index + 1): code without a fence") }
                continue
            }
            if let block = open {
                blocks.append(block)
                open = nil
            } else {
                let words = content.dropFirst(3).split(separator: " ").map(String.init)
                indentation = line.count - content.count
                open = Snippet(language: words.first ?? "", file: words.dropFirst().first, line: index + 1, text: "")
            }
        }
        if let open { problems.append("line \(open.line): the block is not closed") }
    }

    var url: URL { Self.root.appendingPathComponent(path) }

    /// The texts between single backticks.
    var inlineCode: [String] {
        prose.matches(of: #/`([^`\n]+)`/#).map { String($0.1) }
    }

    /// The anchors of the headings, as GitHub makes them.
    var anchors: Set<String> {
        let headings = prose.components(separatedBy: "\n").filter { $0.hasPrefix("#") }
        return Set(
            headings.map { heading in
                heading.drop { $0 == "#" || $0 == " " }.lowercased()
                    .filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" }
                    .replacing(" ", with: "-")
            }
        )
    }

    /// Whether a command whose answer the page shows names the file.
    func uses(_ file: String) -> Bool {
        if isRunInOrder { return blocks.contains { $0.language == "console" && $0.text.contains(file) } }
        return blocks.flatMap(DocumentedCommand.all).contains {
            $0.isInConsole && ($0.arguments.contains(file) || $0.input == file)
        }
    }

    // MARK: - All pages

    static let runInOrder = "<!-- The commands of this page are run in order by the tests. -->"

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every page of the repository, except in folders whose name begins with a dot.
    static var all: [MarkdownPage] {
        get throws {
            guard let files = FileManager.default.enumerator(atPath: root.path) else { return [] }
            var pages: [String] = []
            while let file = files.nextObject() as? String {
                if file.split(separator: "/").last?.hasPrefix(".") == true {
                    files.skipDescendants()
                } else if file.hasSuffix(".md") {
                    pages.append(file)
                }
            }
            return try pages.sorted().map(MarkdownPage.init(path:))
        }
    }
}
