/// One comparison of a condition with the numbers put in.
package struct ConditionEvidence: Sendable, Equatable, Codable {
    /// The condition as the plan writes it.
    package var condition: String
    package var holds: Bool
    /// Each comparison of the condition, in order, with its two sides' values.
    package var comparisons: [Comparison]

    package struct Comparison: Sendable, Equatable, Codable {
        package var text: String
        package var left: Double
        package var right: Double
        package var holds: Bool

        package init(text: String, left: Double, right: Double, holds: Bool) {
            self.text = text
            self.left = left
            self.right = right
            self.holds = holds
        }
    }

    package init(condition: String, holds: Bool, comparisons: [Comparison]) {
        self.condition = condition
        self.holds = holds
        self.comparisons = comparisons
    }
}
