package import Analysis

/// A plan and the file that it comes from.
package struct PlanDocument: Sendable, Equatable {
    package let plan: AnalysisPlan
    package let file: String
    /// Where each field of the plan stands, by the paths of `PlanError.field`.
    package let positions: FieldPositions

    init(plan: AnalysisPlan, file: String, positions: FieldPositions) {
        self.plan = plan
        self.file = file
        self.positions = positions
    }

    /// Where a finding about a query of a metric stands.
    func position(of finding: QueryFinding, in field: String) -> FilePosition {
        finding.place.map { positions.position(of: $0, in: field) } ?? positions[field]
    }

    /// The line of the plan's name.
    package var line: Int { positions["name"].line }
}

extension FieldPositions {
    /// The queries that the file writes for a metric.
    func queries(ofMetric index: Int, in plan: AnalysisPlan) -> MetricQueries {
        var texts: [MetricQueries.Field: String] = [:]
        for field in MetricQueries.Field.allCases {
            texts[field] = text(of: "metrics[\(index)].\(field.rawValue)")
        }
        return MetricQueries(texts, of: plan.metrics[index], in: plan)
    }
}
