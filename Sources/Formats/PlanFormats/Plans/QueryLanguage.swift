import Yams

/// The language of a plan's queries, which says who parses them.
enum QueryLanguage: String, CaseIterable {
    /// Parsed when the plan is read.
    case promql
    /// VictoriaMetrics' own: only the variables are checked here, the rest by the back end.
    case metricsql

    static let key = "queryLanguage"

    /// What a plan says; PromQL where it says nothing that is known.
    init(of root: Node) {
        guard case .mapping(let mapping) = root else {
            self = .promql
            return
        }
        let text = mapping.first { $0.key.scalar?.string == Self.key }?.value.scalar?.string
        self = text.flatMap(QueryLanguage.init) ?? .promql
    }
}
