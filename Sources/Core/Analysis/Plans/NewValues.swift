package import Judging

/// The label whose values tell kinds of events apart, such as `code`: a kind that only the new version shows is named.
package struct NewValues: Sendable, Equatable {
    package var rule: NewValuesRule
    /// PromQL with `${scope}`-style variables: the events of the metric's input, a series for each value of the label. Empty
    /// until the plan's queries have been read.
    package var events: String

    package init(_ rule: NewValuesRule, events: String = "") {
        self.rule = rule
        self.events = events
    }
}

extension NewValues {
    /// Why it cannot be meant so, whatever the metric's queries.
    func problems(of metric: PlannedMetric, in plan: AnalysisPlan) -> [PlanError] {
        var found: [PlanError] = []
        if let problem = Breakdown.problem(of: rule.label, in: plan) {
            found.append(PlanError(field: "newValues.label", problem: problem))
        }
        if !(rule.atLeast > 0 && rule.atLeast <= 1e9) {
            found.append(PlanError(field: "newValues.atLeast", problem: "must be above 0, and at most 1000000000"))
        }
        guard !plan.comparesWithPast else {
            return found + [PlanError(field: "newValues", problem: Breakdown.needsControl)]
        }
        guard case .counts = metric.input else {
            return found + [PlanError(field: "newValues", problem: Breakdown.needsCounts)]
        }
        return found
    }
}
