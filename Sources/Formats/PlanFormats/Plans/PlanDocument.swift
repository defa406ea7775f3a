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

    /// What a person should know about the queries, and where each finding stands.
    func position(of finding: QueryFinding, inQueryOf index: Int) -> FilePosition {
        let field = "metrics[\(index)].query"
        return finding.place.map { positions.position(of: $0, in: field) } ?? positions[field]
    }

    /// The line of the plan's name.
    package var line: Int { positions["name"].line }
}
