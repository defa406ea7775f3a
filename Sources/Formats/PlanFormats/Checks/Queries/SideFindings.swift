import Analysis
import PromQL
import Text

/// Whether the two sides of a metric can differ.
extension PlannedQuery {
    var sideFindings: [QueryFinding] {
        guard Self.comparesSides(metric, in: plan) else { return [] }
        let labels = scopeLabelsRead
        guard !labels.isEmpty else { return [Self.sameSeries(in: plan)] }
        // Scopes that are the same as a whole are told once, with the plan.
        guard !labels.contains(Self.allLabels), labels.allSatisfy(hasSameValue) else { return partialScopeFindings }
        return [
            QueryFinding(
                .warning,
                "asks for the same series on both sides unless the event says otherwise: "
                    + "\(labels.sorted().joined(separator: ", ").excerpt(100)) is the same in scopes.control and scopes.experiment"
            )
        ]
    }

    /// Of a query in a language that is not parsed here: only whether the scope stands in it anywhere.
    static func sideFindings(ofForeign metric: PlannedMetric, in plan: AnalysisPlan) -> [QueryFinding] {
        if let query = PlannedQuery(metric, in: plan) { return query.sideFindings }
        guard comparesSides(metric, in: plan), !metric.query.contains("${scope") else { return [] }
        return [sameSeries(in: plan)]
    }

    /// Whether control and experiment are asked for at the same time, so that the query must tell them apart.
    private static func comparesSides(_ metric: PlannedMetric, in plan: AnalysisPlan) -> Bool {
        if case .before? = plan.scopes.control { return false }
        return metric.sides.count == 2 && !metric.muted
    }

    private static func sameSeries(in plan: AnalysisPlan) -> QueryFinding {
        if case .labels? = plan.scopes.control {
            return QueryFinding(
                .error,
                "asks for the same series on both sides: put ${scope} into its selectors, as in up{${scope}}, so that the two "
                    + "can differ"
            )
        }
        return QueryFinding(
            .warning,
            "asks for the same series on both sides unless the event compares with the past (before): put ${scope} into its "
                + "selectors"
        )
    }

    private static let allLabels = ""

    /// The labels of the scope that selectors depend on; `allLabels` for `${scope}`.
    private var scopeLabelsRead: Set<String> {
        expression.selectors.reduce(into: []) { $0.formUnion(Self.labelsOfScope(in: $1)) }
    }

    static func labelsOfScope(in selector: VectorSelector) -> Set<String> {
        var labels: Set<String> = []
        for matcher in selector.matchers ?? [] {
            switch matcher {
            case .placeholder: labels.insert(allLabels)
            case .label(let label):
                for name in label.value.placeholders where name.hasPrefix("scope.") {
                    labels.insert(String(name.dropFirst("scope.".count)))
                }
            case .name: break
            }
        }
        return labels
    }

    private func hasSameValue(_ label: String) -> Bool {
        guard case .labels(let control)? = plan.scopes.control, let experiment = plan.scopes.experiment else {
            return false
        }
        return control[label] != nil && control[label] == experiment[label]
    }
}
