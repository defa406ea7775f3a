import Foundation
import Testing

/// A page of the documentation: its fenced blocks, and the text around them.
struct MarkdownPage: CustomTestStringConvertible {
    /// A fenced block. After the language may stand the name of the file that the block shows.
    struct Block {
        var language: String
        var file: String?
        var text: String
    }

    /// Relative to the root of the repository.
    let path: String
    private(set) var blocks: [Block] = []
    /// The lines outside of blocks.
    private(set) var prose = ""

    var testDescription: String { path }

    init(path: String) throws {
        self.path = path
        var open: Block?
        var indentation = 0
        for line in try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
            .components(separatedBy: "\n")
        {
            let text = line.drop { $0 == " " }
            guard text.hasPrefix("```") else {
                // A block in a list is indented as its fence is.
                if open == nil { prose += line + "\n" } else { open?.text += line.dropFirst(indentation) + "\n" }
                continue
            }
            if let block = open {
                blocks.append(block)
                open = nil
            } else {
                let words = text.dropFirst(3).split(separator: " ").map(String.init)
                open = Block(language: words.first ?? "", file: words.dropFirst().first, text: "")
                indentation = line.count - text.count
            }
        }
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

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every page of `docs`, and those at the root.
    static var all: [MarkdownPage] {
        get throws {
            let files = FileManager.default.enumerator(atPath: root.appendingPathComponent("docs").path)
            let pages = (files?.allObjects.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".md") }
            let atRoot = ["README.md", "CONTRIBUTING.md"].filter {
                FileManager.default.fileExists(atPath: root.appendingPathComponent($0).path)
            }
            return try (pages.sorted().map { "docs/\($0)" } + atRoot).map(MarkdownPage.init)
        }
    }
}
