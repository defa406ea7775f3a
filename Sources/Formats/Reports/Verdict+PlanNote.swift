import Analysis
import Text

extension Verdict {
    /// Where the plan comes from, where the operator did not write it; nil where nothing is to be said.
    var planSource: String? {
        guard isByPlanOfEvent, let planOrigin else { return nil }
        return planOrigin == .event ? "came with the deploy event" : "comes from \(planOrigin.rawValue.excerpt())"
    }

    /// The same in a sentence with the plan's name.
    var planNote: String? { planSource.map { "\(plan) \($0): its sender decides what passes" } }
}
