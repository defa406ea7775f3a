/// Two events that have one source and id, and say different things: one of them is a mistake.
package struct EventConflict: Error, Sendable, Equatable, CustomStringConvertible {
    package let identity: EventIdentity
    /// What was said under this id before, for a person: "checkout 2.4.0 in staging".
    package let known: String
    /// The members that differ, in the order of the event.
    package let fields: [String]

    package init(identity: EventIdentity, known: String, fields: [String]) {
        self.identity = identity
        self.known = known
        self.fields = fields
    }

    package var description: String {
        let difference = fields.isEmpty ? "" : "; it differs in \(fields.joined(separator: ", "))"
        return
            "the id \(identity.id) of source \(identity.source) was used before, by the event about \(known)\(difference):"
            + " give each event an id of its own"
    }
}

extension DeployEvent {
    /// What is wrong with taking this event for a repeat of `known`, which has the same source and id; nil when it says
    /// the same.
    ///
    /// The time and the trace are not compared: a pipeline's step that is tried again writes them anew. Nor are zone and
    /// nodes, which a process of version 0.1.0 does not keep.
    package func conflict(with known: DeployEvent) -> EventConflict? {
        let fields = [
            ("phase", phase != known.phase), ("application", application != known.application),
            ("environment", environment != known.environment), ("cluster", cluster != known.cluster),
            ("namespace", namespace != known.namespace), ("version", version != known.version),
            ("imageDigest", imageDigest != known.imageDigest), ("revision", revision != known.revision),
            ("workload", workload != known.workload), ("control", control != known.control),
            ("experiment", experiment != known.experiment), ("weight", weight != known.weight),
            ("planName", planName != known.planName), ("plan", inlinePlan != known.inlinePlan),
        ].filter(\.1).map(\.0)
        guard !fields.isEmpty else { return nil }
        return EventConflict(identity: identity, known: known.subject, fields: fields)
    }

    /// The same, against the analysis that the event with this identity opened: later events of the same release may
    /// have changed its other particulars.
    package func conflict(withAnalysisOf opened: DeployEvent) -> EventConflict? {
        let fields = [
            ("application", application != opened.application), ("environment", environment != opened.environment),
            ("cluster", cluster != opened.cluster), ("namespace", namespace != opened.namespace),
            ("version", version != opened.version), ("phase", phase != opened.phase),
        ].filter(\.1).map(\.0)
        guard !fields.isEmpty else { return nil }
        return EventConflict(identity: identity, known: opened.subject, fields: fields)
    }

    private var subject: String {
        let place = release.description.dropFirst(application.count)
        return "\(application) \(version)\(place)\(phase == .cancelled ? ", which took it back" : "")"
    }
}
