import Analysis

/// What an operator adds to the messages of another system: what their format does not say, and other names for what it does.
package struct HookProfile: Sendable, Equatable {
    package enum Control: Sendable, Equatable {
        case labels([String: HookTemplate])
        case before(Duration)
    }

    package var format: HookFormat
    /// Patterns of the application and the namespace that the message names; empty fits any.
    package var applications: [String]
    package var namespaces: [String]
    /// Take the place of what the message says.
    package var set: [HookField: HookTemplate]
    package var control: Control?
    package var experiment: [String: HookTemplate]?

    package init(
        format: HookFormat,
        applications: [String] = [],
        namespaces: [String] = [],
        set: [HookField: HookTemplate] = [:],
        control: Control? = nil,
        experiment: [String: HookTemplate]? = nil
    ) {
        self.format = format
        self.applications = applications
        self.namespaces = namespaces
        self.set = set
        self.control = control
        self.experiment = experiment
    }

    func fits(_ deployment: HookedDeployment, of format: HookFormat) -> Bool {
        func fits(_ patterns: [String], _ field: HookField) -> Bool {
            patterns.isEmpty || patterns.contains { Glob.matches($0, deployment[field] ?? "") }
        }
        return format == self.format && fits(applications, .application) && fits(namespaces, .namespace)
    }

    func complete(_ deployment: HookedDeployment) throws(HookError) -> HookedDeployment {
        var completed = deployment
        for (field, template) in set { completed[field] = try template.filled(from: deployment.message) }
        switch control {
        case .labels(let templates): completed.control = .labels(try Self.labels(templates, deployment))
        case .before(let offset): completed.control = .before(offset)
        case nil: break
        }
        if let experiment { completed.experiment = try Self.labels(experiment, deployment) }
        return completed
    }

    private static func labels(
        _ templates: [String: HookTemplate],
        _ deployment: HookedDeployment
    ) throws(HookError) -> ScopeLabels {
        var labels: ScopeLabels = [:]
        for (name, template) in templates { labels[name] = try template.filled(from: deployment.message) }
        return labels
    }
}
