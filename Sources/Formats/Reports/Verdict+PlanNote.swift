import Analysis

extension Verdict {
    /// Where the plan comes from, in a sentence with its name; nil where nothing is to be said.
    var planNote: String? { planSource.map { "\(plan) \($0): its sender decides what passes" } }
}
