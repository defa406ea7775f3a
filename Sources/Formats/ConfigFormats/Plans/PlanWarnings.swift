import Analysis
import Judging

/// What is accepted in a plan but may surprise; shown by `assay validate`.
package enum PlanWarnings {
    /// In the order of lines.
    package static func warnings(for document: PlanDocument) -> [PlanWarning] {
        let notes =
            document.plan.judge == NetflixACAJudge.name
            ? KayentaPlanWarnings(document.plan).notes : conditionNotes(document.plan)
        return notes.enumerated().map { (offset: $0.offset, warning: warning($0.element, in: document)) }
            .sorted {
                ($0.warning.line, $0.warning.column, $0.offset) < ($1.warning.line, $1.warning.column, $1.offset)
            }
            .map(\.warning)
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
