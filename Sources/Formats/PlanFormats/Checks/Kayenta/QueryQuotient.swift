/// A query that divides one reading by another.
struct QueryQuotient: Equatable {
    enum Kind: Equatable {
        /// A counter by itself, such as failed requests by all requests: from 0 to 1.
        case fraction
        /// Different metrics: the divisor may be 0 where the dividend is not.
        case unrelated
        /// Neither: scaled, guarded, or the sum of a histogram by its count.
        case safe
    }

    let kind: Kind

    /// nil when the query divides by no metric.
    init?(_ query: String) {
        let plain = Self.withoutSelectors(query)
        let parts = plain.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        let (dividend, divisor) = (Self.metrics(in: parts[0]), Self.metrics(in: parts[1]))
        guard !dividend.isEmpty, !divisor.isEmpty else { return nil }
        if dividend == divisor {
            kind = plain.contains("*") ? .safe : .fraction
        } else if plain.contains(">") || plain.contains("clamp_min") || Self.isHistogramMean(dividend, divisor) {
            kind = .safe
        } else {
            kind = .unrelated
        }
    }

    /// `x_sum` by `x_count`: both are 0 together.
    private static func isHistogramMean(_ dividend: Set<Substring>, _ divisor: Set<Substring>) -> Bool {
        guard let sum = dividend.first, let count = divisor.first, dividend.count == 1, divisor.count == 1 else {
            return false
        }
        return sum.hasSuffix("_sum") && count.hasSuffix("_count") && sum.dropLast(4) == count.dropLast(6)
    }

    /// Words that Prometheus' naming rules make counters of.
    private static func metrics(in text: Substring) -> Set<Substring> {
        let words = text.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") }
        return Set(words.filter { word in ["_total", "_count", "_sum", "_bucket"].contains { word.hasSuffix($0) } })
    }

    /// The query without `{…}`, `[…]` and strings, in which any character may stand.
    private static func withoutSelectors(_ query: String) -> String {
        var (kept, depth, quote, isEscaped) = ("", 0, Character?.none, false)
        for character in query {
            if let open = quote {
                if character == open, !isEscaped { quote = nil }
                isEscaped = character == "\\" && !isEscaped
            } else if "\"'`".contains(character) {
                quote = character
            } else if "{[".contains(character) {
                depth += 1
            } else if "}]".contains(character) {
                depth -= 1
            } else if depth == 0 {
                kept.append(character)
            }
        }
        return kept
    }
}
