/// Finds the word that somebody probably meant.
enum Spelling {
    /// The closest word, when it is close enough to be a slip; nil otherwise.
    static func closest(to text: String, among words: [String]) -> String? {
        let text = Array(text.lowercased().unicodeScalars.prefix(64))
        let limit = max(1, text.count / 3)
        let candidates = words.map { (word: $0, distance: distance(text, Array($0.lowercased().unicodeScalars))) }
        guard let best = candidates.min(by: { $0.distance < $1.distance }), best.distance <= limit else { return nil }
        return best.word
    }

    /// ` (did you mean "x"?)`, or nothing.
    static func hint(for text: String, among words: [String]) -> String {
        closest(to: text, among: words).map { " (did you mean \"\($0)\"?)" } ?? ""
    }

    /// Levenshtein's distance.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var row = Array(0...right.count)
        for (i, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let replaced = diagonal + (character == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
