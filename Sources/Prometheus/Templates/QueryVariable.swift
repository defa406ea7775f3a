/// A `${…}` of a query template.
enum QueryVariable: Sendable, Equatable {
    case scope
    case scopeLabel(String)
    case value(String)
    case duration(String)

    static let valueNames = ["application", "environment", "namespace", "cluster", "version", "revision"]
    static let durationNames = ["step", "interval", "window"]

    static let accepted =
        "accepted are ${scope}, ${scope.LABEL}, "
        + (valueNames + durationNames).map { "${\($0)}" }.joined(separator: ", ")
        + ", and $$ for a dollar sign"

    /// Nil when there is no variable of that name.
    init?(name: String) {
        if name == "scope" {
            self = .scope
        } else if name.hasPrefix("scope."), PromQLText.isLabelName(name.dropFirst("scope.".count)) {
            self = .scopeLabel(String(name.dropFirst("scope.".count)))
        } else if Self.valueNames.contains(name) {
            self = .value(name)
        } else if Self.durationNames.contains(name) {
            self = .duration(name)
        } else {
            return nil
        }
    }

    var name: String {
        switch self {
        case .scope: "scope"
        case .scopeLabel(let label): "scope.\(label)"
        case .value(let name), .duration(let name): name
        }
    }
}
