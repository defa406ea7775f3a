extension PlanScopes {
    /// The plan's labels completed by the event's. A comparison with the past reads the experiment's own series.
    package func labels(of side: Side, for event: DeployEvent) -> ScopeLabels {
        let values = ScopeVariable.values(of: event)
        let experiment = Self.resolved(experiment ?? [:], values).merging(event.experiment ?? [:]) { $1 }
        guard side == .control else { return experiment }
        switch (event.control, control) {
        case (.before?, _), (nil, .before?): return experiment
        case (.labels(let own)?, .labels(let planned)?): return Self.resolved(planned, values).merging(own) { $1 }
        case (.labels(let own)?, _): return own
        case (nil, .labels(let planned)?): return Self.resolved(planned, values)
        case (nil, nil): return [:]
        }
    }

    /// Puts `${name}` variables into a plan's label values, in one pass: what a value brings along is never expanded.
    /// A variable without a value stays as it is, and matches nothing.
    static func resolved(_ labels: ScopeLabels, _ values: [String: String]) -> ScopeLabels {
        labels.mapValues { text in
            var (result, rest) = ("", text[...])
            while let variable = ScopeVariable.next(in: &rest) {
                result += variable.before + (values[variable.name] ?? "${\(variable.name)}")
            }
            return result + rest
        }
    }
}

extension ScopeVariable {
    /// The values that an event gives, by the names of the variables.
    package static func values(of event: DeployEvent) -> [String: String] {
        var values = ["application": event.application, "environment": event.environment, "version": event.version]
        values["namespace"] = event.namespace
        values["cluster"] = event.cluster
        values["revision"] = event.revision
        return values
    }
}
