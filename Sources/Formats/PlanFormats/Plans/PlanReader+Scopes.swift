import Analysis
import Yams

extension PlanReader {
    func scopes(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> PlanScopes {
        var scopes = PlanScopes()
        guard let given = fields.fields("scopes", accepted: PlanKey.names(of: .scopes), &issues) else { return scopes }
        if let control = given.fields("control", accepted: PlanKey.names(of: .control), &issues) {
            scopes.control = self.control(control, &issues)
        }
        if let experiment = given.fields("experiment", accepted: PlanKey.names(of: .experiment), &issues) {
            experiment.require("labels", &issues)
            scopes.experiment = labels(experiment, &issues)
        }
        return scopes
    }

    func events(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> EventPermissions {
        var events = EventPermissions()
        if let given = fields.fields("events", accepted: PlanKey.names(of: .events), &issues) {
            events.labels = given.choice("labels", of: EventPermissions.Labels.self, &issues) ?? events.labels
            events.releases = given.choice("releases", of: EventPermissions.Releases.self, &issues) ?? events.releases
        }
        return events
    }

    private func control(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> ControlScope? {
        switch (fields.contains("labels"), fields.contains("before")) {
        case (true, false): return labels(fields, &issues).map { .labels($0) }
        case (false, true): return fields.duration("before", &issues).map { .before($0) }
        case (true, true), (false, false):
            issues.add(
                fields.position,
                fields.path,
                "give either labels (the label values of the control) or before (how long ago)"
            )
            return nil
        }
    }

    private func labels(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> ScopeLabels? {
        guard let given = fields.fields("labels", accepted: nil, &issues) else { return nil }
        var labels: ScopeLabels = [:]
        for name in given.names { labels[name] = given.text(name, &issues) }
        return labels
    }
}
