package import Analysis
package import Engine

/// What the interface needs of plans.
package struct PlanServices: Sendable {
    /// Asks the metrics back end for the queries of a plan, as the last look of a release would.
    package typealias Trial = @Sendable (AnalysisPlan, LiveRelease) async throws -> TriedPlan

    var catalog: any PlanLibrary
    var inlinePlans: InlinePlans
    var past: PastWindowDesk
    var trial: Trial

    package init(
        catalog: any PlanLibrary,
        inlinePlans: InlinePlans,
        past: PastWindowDesk,
        trial: @escaping Trial
    ) {
        self.catalog = catalog
        self.inlinePlans = inlinePlans
        self.past = past
        self.trial = trial
    }
}
