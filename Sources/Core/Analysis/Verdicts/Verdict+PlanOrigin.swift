import Text

extension Verdict {
    /// The sender of the deploy event wrote the plan, or a version newer than this one says where it comes from: the
    /// operator's limits did not decide. Version 0.1.0 does not say, and took plans of events as it took others.
    package var isByPlanOfEvent: Bool { planOrigin != nil && planOrigin != .directory }

    /// Where the plan comes from, where the operator did not write it; nil where nothing is to be said.
    package var planSource: String? {
        guard isByPlanOfEvent, let planOrigin else { return nil }
        return planOrigin == .event ? "came with the deploy event" : "comes from \(planOrigin.rawValue.excerpt())"
    }
}
