import Analysis
import Judging
import Yams

/// Reads plans in their own format: YAML or JSON, strict, every error with its line.
///
/// A file may hold several documents. Unknown and repeated keys, values of the wrong kind, queries that are no template
/// and plans that cannot be run are errors; the first 20 are reported together.
package struct PlanReader: Sendable {
    package static let apiVersion = "assay.dev/v1"
    package static let kind = "AnalysisPlan"

    let judges: [String]
    /// The problem of a query in one sentence; nil when it is one.
    let checkQuery: @Sendable (String) -> String?
    package let limits: YAMLLimits

    package init(
        judges: [String] = Judges.names,
        limits: YAMLLimits = YAMLLimits(),
        checkQuery: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.judges = judges
        self.limits = limits
        self.checkQuery = checkQuery
    }

    /// Every plan of a file, in order.
    ///
    /// - Parameter file: the name that errors use.
    package func read(_ text: String, file: String) throws(PlanFileErrors) -> [PlanDocument] {
        var issues = YAMLIssues(file: file)
        let roots = YAMLDocuments.parse(text, limits: limits, issues: &issues)
        var documents: [PlanDocument] = []
        for root in roots {
            issues.startDocument()
            if let document = document(root, &issues) { documents.append(document) }
        }
        if roots.isEmpty, issues.isEmpty { issues.add(nil, "", "holds no plan") }
        guard issues.isEmpty else { throw issues.result }
        return documents
    }

    /// The one plan that a deploy event carries.
    package func readInline(_ text: String, file: String = "plan of the event") throws(PlanFileErrors) -> PlanDocument {
        let documents = try read(text, file: file)
        guard let document = documents.first, documents.count == 1 else {
            let problem = "holds \(documents.count) plans; exactly one is accepted here"
            throw PlanFileErrors([PlanFileError(file: file, problem: problem)])
        }
        return document
    }

    private func document(_ root: Node, _ issues: inout YAMLIssues) -> PlanDocument? {
        let errorsBefore = issues.errors.count
        guard let plan = plan(root, &issues) else { return nil }
        let unread = UnreadParts(of: issues.errors[errorsBefore...], known: PlanKey.names(of: .plan))
        let positions = FieldPositions(issues.positions, start: root.position ?? .start)
        for problem in plan.problems where !unread.affect(problem.field) {
            issues.add(positions[problem.field], problem.field, problem.problem)
        }
        for (index, metric) in plan.metrics.enumerated() {
            let field = "metrics[\(index)].query"
            guard !unread.affect(field), let problem = checkQuery(metric.query) else { continue }
            issues.add(positions[field], field, problem)
        }
        guard issues.errors.count == errorsBefore else { return nil }
        return PlanDocument(plan: plan, file: issues.file, positions: positions)
    }
}
