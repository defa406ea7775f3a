import Judging

extension ChangeEvent {
    /// Nodes that an event may name.
    package static let maximumNodes = 64

    /// Checks every bound and syntax rule.
    package func validate() throws(DeployEventError) {
        guard kind.isKnown else {
            let kinds = ChangeKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw DeployEventError(field: "kind", problem: "is none of \(kinds)")
        }
        try DeployEvent.check(identity)
        try DeployEvent.checkNames([
            ("application", application), ("environment", environment), ("version", version), ("summary", summary),
        ])
        try place.validate()
        guard version != nil || summary != nil else {
            throw DeployEventError(field: "version", problem: "is missing, and so is summary: say what was changed")
        }
        guard application == nil || environment != nil else {
            throw DeployEventError(field: "environment", problem: "is missing")
        }
        guard application != nil || place.isShared || place.cluster != nil else {
            throw DeployEventError(
                field: "application",
                problem: "is missing, and so are cluster, zone and nodes: say where it was changed"
            )
        }
    }

    /// What is wrong with taking this event for a repeat of `known`, which has the same source and id; nil when it says
    /// the same. The time is not compared: a pipeline's step that is tried again writes it anew.
    package func conflict(with known: ChangeEvent) -> EventConflict? {
        let fields = [
            ("kind", kind != known.kind), ("phase", phase != known.phase),
            ("application", application != known.application), ("environment", environment != known.environment),
            ("cluster", place.cluster != known.place.cluster), ("namespace", place.namespace != known.place.namespace),
            ("zone", place.zone != known.place.zone), ("nodes", place.nodes != known.place.nodes),
            ("version", version != known.version), ("summary", summary != known.summary),
        ].filter(\.1).map(\.0)
        return fields.isEmpty ? nil : EventConflict(identity: identity, known: known.subject, fields: fields)
    }

    /// `the configuration of checkout, retries 3`
    package var subject: String {
        let what = [version, summary].compactMap(\.self).joined(separator: ", ")
        let place = application ?? place.subject
        let taken = phase == .cancelled ? ", taken back" : ""
        return switch kind {
        case .service: "\(place) \(what)\(taken)"
        case .config: "the configuration of \(place), \(what)\(taken)"
        case .flag: "a flag of \(place), \(what)\(taken)"
        case .data: "the data of \(place), \(what)\(taken)"
        case .schema: "the schema of \(place), \(what)\(taken)"
        case .infrastructure: "the infrastructure of \(place), \(what)\(taken)"
        case .unknown(let name): "\(name) of \(place), \(what)\(taken)"
        }
    }
}

extension ChangeLocation {
    func validate() throws(DeployEventError) {
        try DeployEvent.checkNames([("cluster", cluster), ("namespace", namespace), ("zone", zone)])
        guard nodes.count <= ChangeEvent.maximumNodes else {
            throw DeployEventError(
                field: "nodes",
                problem: "has \(nodes.count) names; at most \(ChangeEvent.maximumNodes) are accepted"
            )
        }
        try DeployEvent.checkNames(nodes.enumerated().map { ("nodes[\($0.offset)]", $0.element) })
    }

    /// `zone eu-1a`
    fileprivate var subject: String {
        if let node = nodes.first {
            return nodes.count == 1 ? "node \(node)" : "node \(node) and \(nodes.count - 1) more"
        }
        return zone.map { "zone \($0)" } ?? cluster.map { "cluster \($0)" } ?? "all"
    }
}
