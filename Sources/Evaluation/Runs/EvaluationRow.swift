/// What one judge made of the analyses of one family with one degradation.
package struct EvaluationRow: Sendable, Equatable {
    package var judge: String
    package var family: String
    /// The line of a summary that the family belongs to; nil where it stands for itself.
    package var group: String?
    package var comparison: EvaluatedComparison
    package var steps: Int
    package var degradation: Degradation
    /// Independent series behind the analyses; nil where each is drawn anew.
    package var series: Int?
    package var analyses: Int
    /// Analyses whose first decision was to fail.
    package var failed: Int
    /// Analyses that passed, early or at the end.
    package var passed: Int
    /// Of those that passed early: how many would have failed, had they gone on.
    package var failedAfterPass: Int
    /// Of those that failed; nil where none did.
    package var medianLook: Double?

    /// The share of analyses that failed.
    package var failedShare: Double { analyses > 0 ? Double(failed) / Double(analyses) : 0 }
    package var interval: ClosedRange<Double> { WilsonInterval.of(failed, among: analyses) }
}

/// A confidence interval of a share (E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
/// 1927), as if analyses were independent: windows of one series overlap, so that the truth is wider.
enum WilsonInterval {
    /// At 95 %; everything is possible where nothing was counted.
    static func of(_ count: Int, among total: Int) -> ClosedRange<Double> {
        guard total > 0 else { return 0...1 }
        let (n, z) = (Double(total), 1.959963984540054)
        let share = Double(count) / n
        let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        let reach = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        return (count == 0 ? 0 : max(0, middle - reach))...(count == total ? 1 : min(1, middle + reach))
    }
}
