/// What a deploy event asks of its analysis, apart from which release it is about: the plan, and the sides.
package struct AnalysisRequest: Sendable, Equatable {
    package var planName: String?
    package var inlinePlan: String?
    package var control: ControlScope?
    package var experiment: ScopeLabels?

    package init(of event: DeployEvent) {
        planName = event.planName
        inlinePlan = event.inlinePlan
        control = event.control
        experiment = event.experiment
    }

    /// A text that no other request has, to make a digest of: each part is there, with its length.
    package var canonicalText: String {
        let control: [String?] =
            switch control {
            case nil: [nil]
            case .labels(let labels): ["labels"] + Self.parts(labels)
            case .before(let offset): ["before", "\(offset)"]
            }
        let parts = [planName, inlinePlan] + control + ["experiment"] + (experiment.map(Self.parts) ?? [nil])
        return parts.map { part in part.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined()
    }

    private static func parts(_ labels: ScopeLabels) -> [String?] {
        ["\(labels.count)"] + labels.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    }
}
