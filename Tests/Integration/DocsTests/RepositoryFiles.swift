import Foundation

extension URL {
    /// Whether the folder holds such a file. A name alone may stand for any file, so a path is asked for.
    func contains(_ file: String) -> Bool {
        file.contains("/") && FileManager.default.fileExists(atPath: appendingPathComponent(file).path)
    }
}

/// What pages say about the repository.
enum RepositoryFiles {
    static let makeTargets: Set<String> = {
        let file = MarkdownPage.root.appendingPathComponent("Makefile")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return Set(
            text.matches(of: #/(?m)^([a-z][a-z -]*):(?!=)/#).flatMap { $0.1.split(separator: " ").map(String.init) }
        )
    }()

    /// Whether the lines stand in the file one after another, indented as a whole or not. `…`, also behind the sign of
    /// a comment, stands for any lines.
    static func isExcerpt(_ text: String, of file: String) throws -> Bool {
        let whole = try String(contentsOf: MarkdownPage.root.appendingPathComponent(file), encoding: .utf8)
        let lines = whole.components(separatedBy: "\n").map(trimmingEnd)
        var start = 0
        for part in parts(of: text) where !part.isEmpty {
            let found = (start..<max(start, lines.count - part.count + 1)).first { matches(part, lines[$0...]) }
            guard let found else { return false }
            start = found + part.count
        }
        return true
    }

    private static func parts(of text: String) -> [[String]] {
        text.components(separatedBy: "\n").map(trimmingEnd).split { line in
            let words = line.split(separator: " ")
            return words.last == "…" && words.count <= 2
        }.map { part in
            var part = part[...]
            while part.first?.isEmpty == true { part.removeFirst() }
            while part.last?.isEmpty == true { part.removeLast() }
            return Array(part)
        }
    }

    private static func matches(_ part: [String], _ lines: ArraySlice<String>) -> Bool {
        guard let first = part.first, let line = lines.first, line.hasSuffix(first) else { return false }
        let indentation = line.dropLast(first.count)
        guard indentation.allSatisfy({ $0 == " " || $0 == "\t" }) else { return false }
        return zip(part, lines).allSatisfy { $0.isEmpty ? $1.isEmpty : indentation + $0 == $1 }
    }

    private static func trimmingEnd(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}
