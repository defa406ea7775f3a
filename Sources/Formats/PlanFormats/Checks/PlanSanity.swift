import Analysis
import PromQL
import Text

/// Parts of a plan that cannot be meant so, whatever its judge.
struct PlanSanity {
    private let plan: AnalysisPlan

    init(_ plan: AnalysisPlan) {
        self.plan = plan
    }

    var notes: [PlanError] { weightNotes + scopeNotes + zeroNotes }

    /// Weights are percent.
    private var weightNotes: [PlanError] {
        let sum = plan.groupWeights.values.reduce(0, +)
        guard sum > 0, sum <= 1.01 else { return [] }
        let example = plan.groupWeights.sorted { $0.key < $1.key }.prefix(3)
            .map { "\($0.key.excerpt(40)): \(($0.value * 100).formatted(decimals: 2))" }.joined(separator: ", ")
        let problem = "add up to \(sum.formatted(decimals: 2)), and are percent: {\(example)} is meant?"
        return [PlanError(field: "groupWeights", problem: problem)]
    }

    /// Scopes whose labels select the same series.
    private var scopeNotes: [PlanError] {
        guard case .labels(let control)? = plan.scopes.control, let experiment = plan.scopes.experiment else {
            return []
        }
        guard control.allSatisfy({ experiment[$0.key] == $0.value }) else {
            guard experiment.allSatisfy({ control[$0.key] == $0.value }) else { return [] }
            let problem =
                "select the control's series too, unless the event adds labels: give a label that tells the two apart"
            return [PlanError(field: "scopes.experiment", problem: problem)]
        }
        let problem =
            control.count == experiment.count
            ? "are the labels of scopes.control: both sides are the same series, unless the event adds labels"
            : "select the new version's series too, unless the event adds labels: give a label that tells the two apart"
        return [
            PlanError(
                field: control.count == experiment.count ? "scopes.experiment" : "scopes.control",
                problem: problem
            )
        ]
    }

    /// Where nothing is missed, labels that select nothing pass each release.
    private var zeroNotes: [PlanError] {
        let counted = plan.metrics.filter { !$0.muted }
        guard !counted.isEmpty, counted.allSatisfy(countsMissingAsZero) else { return [] }
        let problem =
            "each counts missing samples as 0, so that labels which select nothing pass every release: add one that "
            + "needs samples (noData: hold), such as the rate of requests"
        return [PlanError(field: "metrics", problem: problem)]
    }

    private func countsMissingAsZero(_ metric: PlannedMetric) -> Bool {
        if metric.noData == .zero { return true }
        guard let query = PlannedQuery(metric, in: plan), QueryRatio(query.expression) == nil else { return false }
        return PlannedQuery.endsInVectorZero(query.expression)
    }
}

extension PlannedQuery {
    /// `… or vector(0)` around everything.
    static func endsInVectorZero(_ expression: PromQLExpression) -> Bool {
        switch expression.unparenthesized {
        case .binary(let operation) where operation.binaryOperator == .or:
            if case .call(let call) = operation.right.unparenthesized { call.function == "vector" } else { false }
        case .binary(let operation) where operation.right.type == .scalar: endsInVectorZero(operation.left)
        case .binary(let operation) where operation.left.type == .scalar: endsInVectorZero(operation.right)
        default: false
        }
    }
}
