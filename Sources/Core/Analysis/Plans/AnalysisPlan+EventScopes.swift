import Text

/// What a deploy event says about the sides decides what is compared, and so what passes. It is held to what the plan
/// leaves open.
extension AnalysisPlan {
    /// Why the plan cannot judge the sides that an event asks for, in one sentence; nil when it can.
    package func problem(withScopesOf event: DeployEvent) -> String? {
        // The sender of an event may do with a plan of its own what it likes.
        (event.inlinePlan == nil ? change(by: event) : nil) ?? problemOfEqualSides(in: event)
    }

    // MARK: - Changes of the plan

    private func change(by event: DeployEvent) -> String? {
        guard events.labels != .replace else { return nil }
        return changeOfControl(by: event)
            ?? event.experiment.flatMap { change(of: scopes.experiment, by: $0, event, "experiment") }
    }

    private func changeOfControl(by event: DeployEvent) -> String? {
        switch (scopes.control, event.control) {
        case (nil, _), (_, nil): return nil
        case (.labels(let planned)?, .labels(let given)?): return change(of: planned, by: given, event, "control")
        case (let planned?, let given?):
            guard planned != given else { return nil }
            return "the event compares with \(given.words), and the plan \(name.excerpt(128)) with \(planned.words);"
                + " \(Self.permission)"
        }
    }

    private func change(
        of planned: ScopeLabels?,
        by given: ScopeLabels,
        _ event: DeployEvent,
        _ side: String
    ) -> String? {
        guard let planned else { return nil }
        let values = PlanScopes.resolved(planned, ScopeVariable.values(of: event))
        for (label, value) in given.sorted(by: { $0.key < $1.key }) {
            guard let known = values[label] else {
                guard events.labels == .fixed else { continue }
                return
                    "the event adds the label \(label) to \(side), and the plan \(name.excerpt(128)) keeps its labels"
                    + " as they are (events.labels: fixed)"
            }
            guard known != value else { continue }
            return "the event gives \(side) the label \(label)=\"\(value.excerpt(80))\", and the plan"
                + " \(name.excerpt(128)) \(label)=\"\(known.excerpt(80))\"; \(Self.permission)"
        }
        return nil
    }

    private static let permission = "an event may change that only where the plan says events.labels: replace"

    // MARK: - Sides that are one

    /// A comparison of series with themselves passes every release.
    package func problemOfEqualSides(in event: DeployEvent) -> String? {
        guard metrics.contains(where: { !$0.muted && $0.sides.count == 2 }) else { return nil }
        if case .before(let offset)? = event.control ?? scopes.control {
            guard event.control != nil, event.control != scopes.control else { return nil }
            return schedule.problem(ofPast: offset).map { "the event, control.before: \($0)" }
        }
        let (control, experiment) = sides(of: event)
        guard !control.isEmpty, !experiment.isEmpty else { return nil }
        guard control != experiment else {
            return "both sides have the same labels, \(control.matchers): the new version would be compared with itself"
        }
        // What the plan itself says so is meant.
        guard event.control != nil || event.experiment != nil, !Self.isOneInTheOther(sides(of: event.withoutScopes)),
            Self.isOneInTheOther((control, experiment))
        else { return nil }
        return "one side is a part of the other: control is \(control.matchers), and experiment is"
            + " \(experiment.matchers); a label must differ"
    }

    private func sides(of event: DeployEvent) -> (control: ScopeLabels, experiment: ScopeLabels) {
        (scopes.labels(of: .control, for: event), scopes.labels(of: .experiment, for: event))
    }

    /// Each series of one side is a series of the other.
    private static func isOneInTheOther(_ sides: (control: ScopeLabels, experiment: ScopeLabels)) -> Bool {
        func isPart(_ narrow: ScopeLabels, of wide: ScopeLabels) -> Bool {
            !wide.isEmpty && wide.allSatisfy { narrow[$0.key] == $0.value }
        }
        return isPart(sides.control, of: sides.experiment) || isPart(sides.experiment, of: sides.control)
    }
}

extension DeployEvent {
    fileprivate var withoutScopes: DeployEvent {
        var event = self
        event.control = nil
        event.experiment = nil
        return event
    }
}

extension ControlScope {
    fileprivate var words: String {
        switch self {
        case .labels: "other series"
        case .before(let offset): "the time \(offset.compactText) before"
        }
    }
}

extension ScopeLabels {
    /// As they stand in a query, shortened.
    fileprivate var matchers: String {
        let parts = sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value.excerpt(40))\"" }
        return "{\(parts.prefix(4).joined(separator: ", "))\(parts.count > 4 ? ", …" : "")}"
    }
}
