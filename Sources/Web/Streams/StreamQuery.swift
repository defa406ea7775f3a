import Analysis
import Hummingbird
import Store
import Text

/// What a caller of a stream asks for.
struct StreamQuery: Sendable {
    var changes: FollowedChanges
    /// Nil to begin now.
    var after: ChangePlace?
    var wait: Duration = Self.maximumWait

    /// Then the caller asks again: a token that was replaced meanwhile is not good for longer.
    static let maximumWait = Duration.seconds(600)
    private static let maximumIDBytes = 128

    /// The parameters are those of `GET /v1/sessions` that say which sessions are meant, `session`, `after` and `wait`.
    ///
    /// - Parameter lastEvent: the header `Last-Event-ID`, which a browser sends when it comes again; it has precedence.
    init(_ parameters: [(name: String, value: String)], lastEvent: String?) throws(SessionParameterError) {
        let known = SessionParameters.filters + ["session", "after", "wait"]
        let query = try SessionParameters.query(parameters, known: known.sorted(), at: Timestamp(milliseconds: 0))
        var values: [String: String] = [:]
        for (name, value) in parameters { values[name] = value }
        if let id = values["session"] {
            guard (1...Self.maximumIDBytes).contains(id.utf8.count), SessionRoutes.mayBeID(id) else {
                throw SessionParameterError("session must be the id of an analysis")
            }
            guard parameters.allSatisfy({ !SessionParameters.filters.contains($0.name) }) else {
                throw SessionParameterError("session goes with no filter: it names one analysis")
            }
        }
        changes = FollowedChanges(query, session: values["session"])
        if let text = values["wait"] {
            guard let time = Duration(compactText: text), (.zero...Self.maximumWait).contains(time) else {
                throw SessionParameterError("wait must lie between 0s and \(Self.maximumWait.compactText)")
            }
            wait = time
        }
        // A browser sends what it was given; another value is no reason to refuse it for ever.
        if let text = values["after"], ChangePlace(text) == nil {
            throw SessionParameterError("after must be the id of an event of a stream")
        }
        after = lastEvent.flatMap { ChangePlace($0) } ?? values["after"].flatMap { ChangePlace($0) }
    }
}

/// Which changes a reader follows.
struct FollowedChanges: Sendable, Hashable {
    var session: String?
    var application: String?
    var environment: String?
    var cluster: String?
    var namespace: String?
    var version: String?
    var phase: String?
    /// The reader may know what passed, and not how it is judged.
    var isSummary = false

    init(_ query: SessionQuery, session: String? = nil) {
        self.session = session
        application = query.application
        environment = query.environment
        cluster = query.cluster
        namespace = query.namespace
        version = query.version
        phase = query.phase?.rawValue
    }

    func cover(_ change: SessionChange) -> Bool {
        func fits(_ wanted: String?, _ given: String?) -> Bool { wanted == nil || given == nil || wanted == given }
        return fits(session, change.session) && fits(application, change.application)
            && fits(environment, change.environment) && fits(cluster, change.cluster)
            && fits(namespace, change.namespace) && fits(version, change.version) && isInPhase(change)
    }

    /// A session that leaves the phase is of interest too: it leaves the listing.
    private func isInPhase(_ change: SessionChange) -> Bool {
        guard let phase, case .transition(let transition) = change.what else { return true }
        return transition.from?.rawValue == phase || transition.to.rawValue == phase
    }
}
