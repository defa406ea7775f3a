import Analysis
import Judging
import PromQL
import Text

/// Parts of a plan that cannot be meant so, whatever its judge.
struct PlanSanity {
    private let plan: AnalysisPlan

    init(_ plan: AnalysisPlan) {
        self.plan = plan
    }

    var notes: [PlanError] {
        thresholdNotes + weightNotes + scopeNotes + variableNotes + pastNotes + zeroNotes + mutedNotes + conditionNotes
    }

    /// A score of 50 is that of a release of which half has failed.
    private var thresholdNotes: [PlanError] {
        guard plan.thresholds.pass < 50 else { return [] }
        let limit = plan.thresholds.pass.formatted(decimals: 2)
        let problem =
            "\(limit) lets a release pass of which more than half has failed: scores are percent, from 0 to 100"
        return [PlanError(field: "thresholds.pass", problem: problem)]
    }

    /// A variable that there is not stays as it is written.
    private var variableNotes: [PlanError] {
        let control = if case .labels(let labels)? = plan.scopes.control { labels } else { ScopeLabels() }
        let sides = [("scopes.control.labels", control), ("scopes.experiment.labels", plan.scopes.experiment ?? [:])]
        return sides.flatMap { path, labels in
            labels.sorted { $0.key < $1.key }.compactMap { name, value in
                ScopeVariable.unknown(in: value).map { unknown in
                    let known = ScopeVariable.allCases.map { "${\($0.rawValue)}" }.joined(separator: ", ")
                    let problem =
                        "${\(unknown.excerpt(40))} is no variable here, and matches nothing; accepted are \(known)"
                    return PlanError(field: "\(path).\(name)", problem: problem)
                }
            }
        }
    }

    /// A past that is not over before the release.
    private var pastNotes: [PlanError] {
        guard case .before(let offset)? = plan.scopes.control, let problem = plan.schedule.problem(ofPast: offset)
        else { return [] }
        return [PlanError(field: "scopes.control.before", problem: problem)]
    }

    private var mutedNotes: [PlanError] {
        // Kayenta's judge fails such a release, and says so itself; the sequential judge refuses the plan.
        guard plan.judge != NetflixACAJudge.name, !plan.isSequential, !plan.metrics.isEmpty,
            plan.metrics.allSatisfy(\.muted)
        else {
            return []
        }
        return [PlanError(field: "metrics", problem: "are all muted, so that nothing is judged")]
    }

    private var conditionNotes: [PlanError] {
        plan.metrics.enumerated().flatMap { index, metric in
            [("condition", metric.condition), ("marginal", metric.marginal)].compactMap { name, condition in
                condition?.idleComparison.map { text in
                    let problem =
                        "\"\(text.excerpt(80))\" compares nothing with the control or a limit: its outcome is known"
                    return PlanError(field: "metrics[\(index)].\(name)", problem: problem)
                }
            }
        }
    }

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
        // Without requests no events are compared.
        if plan.isSequential, metric.input != .value, !plan.comparesWithPast { return false }
        if metric.noData == .zero { return true }
        guard let query = PlannedQuery(metric, in: plan), QueryRatio(query.expression) == nil else { return false }
        return PlannedQuery.endsInVectorZero(query.expression)
    }
}
