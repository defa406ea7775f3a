package import Analysis
import Text

/// Series of both sides of some metrics, as a text file: `name side samples…` a line, `#` comments.
package struct SeriesFile: Sendable, Equatable {
    private var columns: [Key: [Double]] = [:]
    /// Names in the order of their first line.
    package private(set) var metrics: [String] = []

    private struct Key: Hashable, Sendable {
        var metric: String
        var side: Side
    }

    package static let maximumBytes = 16 * 1_048_576

    /// Throws with the line of the first problem.
    package init(parsing text: String, file: String) throws(SeriesFileError) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw SeriesFileError(file: file, line: 1, problem: "has more than \(Self.maximumBytes) bytes")
        }
        // Editors on Windows begin a file with a byte order mark; their line end is one character, and one line.
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = line.prefix { $0 != "#" }
            let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
            guard !words.isEmpty else { continue }
            func fail(_ problem: String) -> SeriesFileError { .init(file: file, line: index + 1, problem: problem) }
            guard words.count >= 2, let side = Self.side(words[1]) else {
                throw fail("expected a metric's name, then control or experiment, then samples")
            }
            let key = Key(metric: String(words[0]), side: side)
            guard columns[key] == nil else { throw fail("\(key.metric) \(side.rawValue) stands here twice") }
            var values: [Double] = []
            for word in words.dropFirst(2) {
                guard let run = SampleNotation.values(of: word) else {
                    throw fail(
                        "\"\(word.excerpt())\" is not a sample: accepted are 1.5, _, NaN, 5x10, 0+10x10 and 9-1x5"
                    )
                }
                guard values.count + run.count <= 1_000_000 else { throw fail("has more than 1000000 samples") }
                values += run
            }
            columns[key] = values
            if !metrics.contains(key.metric) { metrics.append(key.metric) }
        }
    }

    /// The samples of one side; empty when the file has none.
    package func values(metric: String, side: Side) -> [Double] {
        columns[Key(metric: metric, side: side)] ?? []
    }

    private static func side(_ word: Substring) -> Side? {
        switch word {
        case "control", "baseline": .control
        case "experiment", "canary": .experiment
        default: nil
        }
    }
}

/// Why a series file cannot be read.
package struct SeriesFileError: Error, Sendable, Equatable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let problem: String

    package var description: String { "\(file):\(line): error: \(problem)" }
}

/// The series notation of Prometheus' own tests: `a+bxn` is a, a+b, … n steps further; `axn` is a, n more times; `_` is missing.
package enum SampleNotation {
    package static let maximumRun = 100_000

    /// nil when the word is not in the notation, or stands for too many samples.
    package static func values(of word: some StringProtocol) -> [Double]? {
        // Infinity, NaN and numbers with an exponent contain letters and signs of the notation: they come first.
        if let number = decimal(word) { return [number] }
        switch word.lowercased() {
        case "_": return [.nan]
        case "+inf", "inf": return [.infinity]
        case "-inf": return [-.infinity]
        default: break
        }
        guard let cross = word.lastIndex(of: "x"), let count = Int(word[word.index(after: cross)...]),
            (0...maximumRun).contains(count)
        else { return nil }
        let head = word[..<cross]
        if head == "_" { return Array(repeating: .nan, count: max(1, count)) }
        if let number = decimal(head) { return Array(repeating: number, count: count + 1) }
        // The sign that separates start and increment is not the first character, and not that of an exponent.
        for index in head.indices.dropFirst() where head[index] == "+" || head[index] == "-" {
            if let start = decimal(head[..<index]), let increment = decimal(head[index...]) {
                return (0...count).map { start + Double($0) * increment }
            }
        }
        return nil
    }

    /// `0x9` is ten zeros, not a nine in hexadecimal.
    private static func decimal(_ text: some StringProtocol) -> Double? {
        text.contains { $0 == "x" || $0 == "X" } ? nil : Double(text)
    }
}
