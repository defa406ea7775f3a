package import Analysis
import Judging
import Text

/// What is accepted in a plan but may surprise; shown by `assay validate`.
package enum PlanWarnings {
    /// In the order of lines.
    package static func warnings(for document: PlanDocument) -> [PlanWarning] {
        let plan = document.plan
        let judged =
            switch plan.judge {
            case NetflixACAJudge.name: KayentaPlanWarnings(plan).notes
            case AnalysisPlan.sequentialJudge: SequentialPlanWarnings(plan).notes
            default: conditionNotes(plan)
            }
        let notes = (judged + PlanSanity(plan).notes).map { warning($0, in: document) }
        return (notes + queryWarnings(of: document)).enumerated()
            .map { (offset: $0.offset, warning: $0.element) }
            .sorted {
                ($0.warning.line, $0.warning.column, $0.offset) < ($1.warning.line, $1.warning.column, $1.offset)
            }
            .map(\.warning)
    }

    /// What of it matters when a release is judged by the plan, each in one sentence: part of the verdict.
    package static func ofVerdict(_ plan: AnalysisPlan) -> [String] {
        let queries = plan.metrics.flatMap { metric in
            MetricQueries(of: metric, in: plan).findings().filter { $0.finding.severity == .warning }
                .map { "\(metric.name.excerpt(128)): \($0.finding.problem)" }
        }
        return PlanSanity(plan).notes.map { "plan, \($0.field): \($0.problem)" } + queries
    }

    private static func queryWarnings(of document: PlanDocument) -> [PlanWarning] {
        document.plan.metrics.indices.flatMap { index in
            document.positions.queries(ofMetric: index, in: document.plan).findings()
                .filter { $0.finding.severity != .error }
                .map { found in
                    let field = "metrics[\(index)].\(found.field.rawValue)"
                    let position = document.position(of: found.finding, in: field)
                    return PlanWarning(
                        file: document.file,
                        position: position,
                        field: field,
                        problem: found.finding.problem,
                        excerpt: found.finding.place == nil ? nil : document.positions.excerpt(at: position)
                    )
                }
        }
    }

    private static func warning(_ note: PlanError, in document: PlanDocument) -> PlanWarning {
        PlanWarning(
            file: document.file,
            position: document.positions[note.field],
            field: note.field,
            problem: note.problem
        )
    }

    private static func conditionNotes(_ plan: AnalysisPlan) -> [PlanError] {
        let groups = Set(plan.metrics.flatMap(\.groups))
        var notes = plan.groupWeights.keys.sorted().filter { !groups.contains($0) }.map {
            PlanError(field: "groupWeights.\($0)", problem: "no metric is in this group, so its weight has no effect")
        }
        for (index, metric) in plan.metrics.enumerated() {
            if metric.effect != PlannedEffect() {
                let problem = "is only used by the judge NetflixACAJudge-v1.0; write the limit into the condition"
                notes.append(PlanError(field: "metrics[\(index)].effect", problem: problem))
            }
            if metric.direction != .either {
                let problem = "is only used by the judge NetflixACAJudge-v1.0; the condition says what counts"
                notes.append(PlanError(field: "metrics[\(index)].direction", problem: problem))
            }
        }
        return notes
    }
}
