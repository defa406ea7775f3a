/// What must hold for a metric, as a plan writes it: `canary <= max(1.2 * control, 0.01)`.
///
/// Comparisons (`<=` `>=` `<` `>` `==` `!=`) are joined by `and` and `or` (`&&`, `||`) and parentheses. Each side is
/// arithmetic on numbers (`5%` is 0.05), on the sides' means (`canary` or `experiment`, `control` or `baseline`), on
/// aggregates of a side (`mean` `median` `min` `max` `sum` `last` `count` `stddev` `p1` to `p99`) and on `min(a, b)`,
/// `max(a, b)` and `abs(a)`. A text has at most 1,024 bytes.
package struct Condition: Sendable, Equatable {
    /// The condition as it was written, without blanks around it.
    package let text: String
    private let predicate: ConditionPredicate
    let comparisons: [ConditionComparison]

    /// Throws where the text is not a condition, with the column and what is accepted there.
    package init(parsing text: String) throws(ConditionError) {
        (predicate, comparisons) = try ConditionParser.parse(text)
        var trimmed = text[...]
        while trimmed.first?.isWhitespace == true { trimmed.removeFirst() }
        while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
        self.text = String(trimmed)
    }

    /// The condition cannot be evaluated without samples of the control.
    package var usesControl: Bool { uses(.control) }

    /// The condition cannot be evaluated without samples of the experiment.
    package var usesExperiment: Bool { uses(.experiment) }

    /// The first comparison whose outcome does not depend on how the release differs: one number of one side on both
    /// sides of the sign, as in `canary <= 1.2 * canary`, or numbers alone, as in `1 < 2`.
    package var idleComparison: String? {
        comparisons.first { comparison in
            let (left, right) = (comparison.left.expression.aggregates, comparison.right.expression.aggregates)
            if left.isEmpty || right.isEmpty { return left.isEmpty && right.isEmpty }
            return (left + right).allSatisfy { $0 == left[0] }
        }?.text
    }

    /// Puts the samples in. A comparison with NaN (no samples, 0 / 0) never holds.
    func evaluate(control: CleanedSamples, experiment: CleanedSamples) -> ConditionEvidence {
        let evidence = comparisons.map { comparison in
            let left = comparison.left.expression.value(control: control, experiment: experiment)
            let right = comparison.right.expression.value(control: control, experiment: experiment)
            return ConditionEvidence.Comparison(
                text: comparison.text,
                left: left,
                right: right,
                holds: comparison.sign.holds(left, right)
            )
        }
        return ConditionEvidence(
            condition: text,
            holds: predicate.holds(evidence.map(\.holds)),
            comparisons: evidence
        )
    }

    private func uses(_ side: ConditionSide) -> Bool {
        comparisons.contains { $0.left.expression.uses(side) || $0.right.expression.uses(side) }
    }
}

extension Condition: Codable {
    /// Encoded as its text.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do throws(ConditionError) {
            try self.init(parsing: text)
        } catch {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "not a condition: \(error)"
            )
        }
    }
}
