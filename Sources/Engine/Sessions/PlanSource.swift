package import Analysis

/// Finds the plan for a deploy event: inline, by name, or by application and environment.
package protocol PlanSource: Sendable {
    func plan(for event: DeployEvent) throws(PlanUnavailable) -> AnalysisPlan
}

/// Why there is no plan for an event, in one sentence.
package struct PlanUnavailable: Error, Sendable, Equatable, CustomStringConvertible {
    package let reason: String

    package init(reason: String) {
        self.reason = reason
    }

    package var description: String { reason }
}
