/// Finds the word that was probably meant.
package enum Spelling {
    /// The closest word, when it is close enough to be a slip; nil otherwise.
    package static func closest(to text: String, among words: [String]) -> String? {
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

    /// Letters to insert, remove, replace or swap with their neighbour.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var (beforeLast, last) = ([Int](), Array(0...right.count))
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var best = min(last[j] + (left[i] == right[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, beforeLast[j - 1] + 1)
                }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[right.count]
    }
}
