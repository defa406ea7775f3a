package import Analysis

/// Finds the plan for a deploy event: inline, by name, or by application and environment.
package protocol PlanSource: Sendable {
    func plan(for event: DeployEvent) throws(PlanUnavailable) -> AnalysisPlan
}
