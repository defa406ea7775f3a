/// Why the settings cannot be used: one sentence, or a line for each of several problems.
package struct SettingsError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Never empty.
    package let problems: [String]

    package init(_ problem: String) {
        problems = [problem]
    }

    /// Nil when there is no problem.
    package init?(_ problems: [String]) {
        guard !problems.isEmpty else { return nil }
        self.problems = problems
    }

    package var description: String {
        guard problems.count > 1 else { return problems.joined() }
        return "the settings have \(problems.count) problems:\n" + problems.map { "  \($0)" }.joined(separator: "\n")
    }
}
