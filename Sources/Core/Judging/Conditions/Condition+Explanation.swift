extension Condition {
    /// Why the condition does not hold, with numbers: "canary 0.034 > max(1.2 * control, 0.01) = 0.012".
    ///
    /// Every comparison that does not hold is named, in order. `evidence` is this condition's own.
    func explanation(of evidence: ConditionEvidence) -> String {
        zip(comparisons, evidence.comparisons)
            .filter { !$1.holds }
            .map { comparison, found in
                for (operand, value) in [(comparison.left, found.left), (comparison.right, found.right)]
                where value.isNaN {
                    return "\(operand.text) has no value, so \(comparison.text) does not hold"
                }
                let left = comparison.left.described(with: found.left)
                let right = comparison.right.described(with: found.right)
                return "\(left) \(comparison.sign.opposite.rawValue) \(right)"
            }
            .joined(separator: ", ")
    }
}

extension ConditionComparison.Operand {
    /// A plain number as it is written, a side or an aggregate followed by its value, anything else with "= value".
    fileprivate func described(with value: Double) -> String {
        switch expression {
        case .number: text
        case .aggregate: "\(text) \(value.readable)"
        case .negated, .arithmetic, .function: "\(text) = \(value.readable)"
        }
    }
}
