import Analysis
import Judging
import Text
import Yams

/// Reads plans in their own format: YAML or JSON, strict, every error with its line.
///
/// A file may hold several documents. Unknown and repeated keys, values of the wrong kind, queries that are no template
/// and plans that cannot be run are errors; the first 20 are reported together.
package struct PlanReader: Sendable {
    package static let apiVersion = "assay.dev/v1"
    package static let kind = "AnalysisPlan"
    /// The judge of a plan that names none.
    package static let defaultJudge = SequentialJudge.name

    let judges: [String]
    /// What is wrong with a query as a template; nil when it is one.
    let checkQuery: @Sendable (String) -> QueryFinding?
    package let limits: YAMLLimits

    package init(
        judges: [String] = Judges.names,
        limits: YAMLLimits = YAMLLimits(),
        checkQuery: @escaping @Sendable (String) -> QueryFinding? = { _ in nil }
    ) {
        self.judges = judges
        self.limits = limits
        self.checkQuery = checkQuery
    }

    /// Every plan of a file, in order.
    ///
    /// - Parameter file: the name that errors use.
    package func read(_ text: String, file: String) throws(PlanFileErrors) -> [PlanDocument] {
        try YAMLDocuments.read(text, file: file, limits: limits, holding: "plan", document)
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
        if let foreign = ForeignDocument(root) {
            issues.add(root.position, "", foreign.problem)
            return nil
        }
        guard var plan = plan(root, &issues) else { return nil }
        let unread = UnreadParts(of: issues.errors[errorsBefore...], known: PlanKey.names(of: .plan))
        let positions = issues.fieldPositions(start: root.position ?? .start)
        let queries = plan.metrics.indices.map { positions.queries(ofMetric: $0, in: plan) }
        for index in plan.metrics.indices {
            let givesDirection = positions.contains("metrics[\(index)].direction")
            plan.metrics[index] = queries[index].completed(givesDirection: givesDirection)
        }
        for problem in plan.problems where !unread.affect(problem.field) {
            issues.add(positions[problem.field], problem.field, problem.problem)
        }
        let language = QueryLanguage(of: root)
        for (index, queries) in queries.enumerated() {
            guard !unread.affect("metrics[\(index)].query") else { continue }
            for finding in queries.findings(language: language, checkTemplate: checkQuery)
            where finding.finding.severity == .error {
                let field = "metrics[\(index)].\(finding.field.rawValue)"
                // Finding the place costs a pass over the file, and further errors are only counted.
                let place = issues.isFull ? nil : finding.finding.place
                let position = place.map { positions.position(of: $0, in: field) } ?? positions[field]
                let excerpt = place == nil ? nil : positions.excerpt(at: position)
                issues.add(position, field, finding.finding.problem, excerpt: excerpt)
            }
        }
        guard issues.errors.count == errorsBefore else { return nil }
        return PlanDocument(plan: plan, file: issues.file, positions: positions)
    }
}
