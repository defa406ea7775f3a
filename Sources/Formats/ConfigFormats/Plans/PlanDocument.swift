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

    /// The line of the plan's name.
    package var line: Int { positions["name"].line }
}
