extension AnalysisPlan {
    /// The broken rules of `match` and `scopes`.
    var scopeProblems: [PlanError] {
        var found: [PlanError] = []
        for (field, patterns) in [
            ("match.applications", match.applications), ("match.environments", match.environments),
        ] {
            if patterns.count > 64 {
                found.append(
                    PlanError(field: field, problem: "has \(patterns.count) patterns; at most 64 are accepted")
                )
            }
            for (index, pattern) in patterns.enumerated() where pattern.isEmpty || pattern.utf8.count > 256 {
                found.append(PlanError(field: "\(field)[\(index)]", problem: "must have 1 to 256 bytes"))
            }
        }
        switch scopes.control {
        case .labels(let labels): found += Self.problems(of: labels, at: "scopes.control.labels")
        case .before(let offset) where !ControlScope.acceptedOffsets.contains(offset):
            found.append(PlanError(field: "scopes.control.before", problem: "must be longer than 0 and at most 90d"))
        case .before, nil: break
        }
        if let experiment = scopes.experiment {
            found += Self.problems(of: experiment, at: "scopes.experiment.labels")
        }
        return found
    }

    private static func problems(of labels: ScopeLabels, at field: String) -> [PlanError] {
        guard (1...DeployEvent.maximumLabels).contains(labels.count) else {
            return [PlanError(field: field, problem: "must name 1 to \(DeployEvent.maximumLabels) labels")]
        }
        return labels.sorted { $0.key < $1.key }.compactMap { name, value in
            if !ScopeLabel.isValidName(name) {
                PlanError(field: "\(field).\(name)", problem: "is not a Prometheus label name")
            } else if value.isEmpty || value.utf8.count > DeployEvent.maximumTextBytes {
                PlanError(field: "\(field).\(name)", problem: "must have 1 to \(DeployEvent.maximumTextBytes) bytes")
            } else {
                nil
            }
        }
    }
}
