import Analysis

/// Releases that two plans fit equally closely, so that neither can be chosen.
struct PlanTies {
    struct Tie: Equatable {
        var first: Int
        var second: Int
        /// One of the releases.
        var release: ReleaseKey
    }

    /// Pairs of patterns that are compared at most; far more than plans of people need.
    private static let maximumPairs = 1_000_000

    private let matches: [PlanMatch]

    init(_ matches: [PlanMatch]) {
        self.matches = matches
    }

    /// Each pair of plans at most once.
    var ties: [Tie] {
        var found: [Tie] = []
        var pairs = 0
        for second in matches.indices {
            for first in matches.indices where first < second {
                pairs += max(1, matches[first].applications.count) * max(1, matches[second].applications.count)
                guard pairs <= Self.maximumPairs else { return found }
                if let release = release(fitting: first, second) {
                    found.append(Tie(first: first, second: second, release: release))
                }
            }
        }
        return found
    }

    /// A release that fits both plans best and equally; nil when there is none.
    private func release(fitting first: Int, _ second: Int) -> ReleaseKey? {
        let applications = Self.common(matches[first].applications, matches[second].applications)
        guard !applications.isEmpty else { return nil }
        let environments = Self.common(matches[first].environments, matches[second].environments)
        for application in applications {
            for environment in environments {
                let release = ReleaseKey(application: application, environment: environment)
                guard let one = matches[first].specificity(for: release),
                    one == matches[second].specificity(for: release),
                    matches.allSatisfy({ ($0.specificity(for: release) ?? 0) <= one })
                else { continue }
                return release
            }
        }
        return nil
    }

    /// Names that patterns of both lists fit equally closely. An empty list fits everything.
    private static func common(_ patterns: [String], _ others: [String]) -> [String] {
        guard !patterns.isEmpty, !others.isEmpty else {
            // Only another empty list fits as loosely.
            return patterns.isEmpty && others.isEmpty ? ["any"] : []
        }
        return patterns.flatMap { pattern in others.compactMap { name(fitting: pattern, $0) } }
    }

    /// A name that fits both patterns; nil when there is none, or when one of them is closer.
    private static func name(fitting pattern: String, _ other: String) -> String? {
        guard isGlob(pattern), isGlob(other) else { return pattern == other ? pattern : nil }
        guard literals(pattern) == literals(other) else { return nil }
        return GlobIntersection(pattern, other).shortest
    }

    private static func isGlob(_ pattern: String) -> Bool { pattern.contains("*") || pattern.contains("?") }

    private static func literals(_ pattern: String) -> Int { pattern.count { $0 != "*" && $0 != "?" } }
}

/// A text that two patterns with `*` and `?` both fit.
private struct GlobIntersection {
    private let pattern: [Character]
    private let other: [Character]

    init(_ pattern: String, _ other: String) {
        self.pattern = Array(pattern)
        self.other = Array(other)
    }

    /// A shortest one; nil when there is none. Places in both patterns are visited once each.
    var shortest: String? {
        struct Place: Hashable {
            var first: Int
            var second: Int
        }
        var texts: [Place: String] = [Place(first: 0, second: 0): ""]
        var queue = [Place(first: 0, second: 0)]
        var next = 0
        while next < queue.count {
            let place = queue[next]
            next += 1
            let text = texts[place] ?? ""
            if place.first == pattern.count, place.second == other.count { return text.isEmpty ? "any" : text }
            for (step, added) in steps(place.first, place.second) {
                let reached = Place(first: step.0, second: step.1)
                guard texts[reached] == nil else { continue }
                texts[reached] = text + added
                queue.append(reached)
            }
        }
        return nil
    }

    private func steps(_ first: Int, _ second: Int) -> [((Int, Int), String)] {
        let one = first < pattern.count ? pattern[first] : nil
        let two = second < other.count ? other[second] : nil
        var steps: [((Int, Int), String)] = []
        if one == "*" { steps.append(((first + 1, second), "")) }
        if two == "*" { steps.append(((first, second + 1), "")) }
        switch (one, two) {
        case (nil, _), (_, nil): break
        case ("*"?, "*"?): break
        case ("*"?, let two?): steps.append(((first, second + 1), two == "?" ? "x" : String(two)))
        case (let one?, "*"?): steps.append(((first + 1, second), one == "?" ? "x" : String(one)))
        case ("?"?, let two?): steps.append(((first + 1, second + 1), two == "?" ? "x" : String(two)))
        case (let one?, "?"?): steps.append(((first + 1, second + 1), String(one)))
        case (let one?, let two?): if one == two { steps.append(((first + 1, second + 1), String(one))) }
        }
        return steps
    }
}
