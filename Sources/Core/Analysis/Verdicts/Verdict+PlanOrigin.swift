extension Verdict {
    /// The sender of the deploy event wrote the plan, or a version newer than this one says where it comes from: the
    /// operator's limits did not decide. Version 0.1.0 does not say, and took plans of events as it took others.
    package var isByPlanOfEvent: Bool { planOrigin != nil && planOrigin != .directory }
}
