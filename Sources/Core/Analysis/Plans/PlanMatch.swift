/// Which releases a plan is for. Patterns know `*` (any text) and `?` (one character); an empty list matches anything.
package struct PlanMatch: Sendable, Equatable {
    package var applications: [String]
    package var environments: [String]

    package init(applications: [String] = [], environments: [String] = []) {
        self.applications = applications
        self.environments = environments
    }

    package func matches(_ release: ReleaseKey) -> Bool {
        specificity(for: release) != nil
    }

    /// How closely the plan fits: the number of literal characters in the best patterns; nil when it does not match.
    ///
    /// An exact application name beats any pattern, and a named environment breaks a tie.
    package func specificity(for release: ReleaseKey) -> Int? {
        guard let application = Self.best(applications, for: release.application),
            let environment = Self.best(environments, for: release.environment)
        else { return nil }
        return application * 10_000 + environment
    }

    private static func best(_ patterns: [String], for text: String) -> Int? {
        guard !patterns.isEmpty else { return 0 }
        return patterns.compactMap { pattern -> Int? in
            guard Glob.matches(pattern, text) else { return nil }
            let isExact = !pattern.contains("*") && !pattern.contains("?")
            return isExact ? 5000 : 1 + pattern.filter { $0 != "*" && $0 != "?" }.count
        }.max()
    }
}

/// Shell-style patterns with `*` and `?`, matched in linear space and at most quadratic time.
package enum Glob {
    package static func matches(_ pattern: String, _ text: String) -> Bool {
        let pattern = Array(pattern.unicodeScalars)
        let text = Array(text.unicodeScalars)
        var (patternIndex, textIndex) = (0, 0)
        var (starIndex, starText): (Int?, Int) = (nil, 0)
        while textIndex < text.count {
            if patternIndex < pattern.count, pattern[patternIndex] == "*" {
                starIndex = patternIndex
                starText = textIndex
                patternIndex += 1
            } else if patternIndex < pattern.count,
                pattern[patternIndex] == "?" || pattern[patternIndex] == text[textIndex]
            {
                patternIndex += 1
                textIndex += 1
            } else if let star = starIndex {
                starText += 1
                patternIndex = star + 1
                textIndex = starText
            } else {
                return false
            }
        }
        return pattern[patternIndex...].allSatisfy { $0 == "*" }
    }
}
