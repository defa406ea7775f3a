package import Analysis

/// Whose final verdict a pipeline waits for.
package enum WantedVerdict: Sendable, Equatable {
    /// Of one session.
    case session(String)
    /// On one deploy event; any source, when it is nil.
    case event(id: String, source: String?, application: String?)
    /// On a version, whichever event announced it.
    case version(String, application: String, environment: String?)

    package func matches(_ verdict: Verdict) -> Bool {
        switch self {
        case .session(let id): verdict.session == id
        case .event(let id, let source, let application):
            verdict.deployEvent.id == id && (source.map { $0 == verdict.deployEvent.source } ?? true)
                && (application.map { $0 == verdict.application } ?? true)
        case .version(let version, let application, let environment):
            verdict.version == version && verdict.application == application
                && (environment.map { $0 == verdict.environment } ?? true)
        }
    }

    /// For a sentence: "checkout 2.4.0".
    package var name: String {
        switch self {
        case .session(let id): "session \(id)"
        case .event(let id, _, let application): [application, id].compactMap { $0 }.joined(separator: " ")
        case .version(let version, let application, _): "\(application) \(version)"
        }
    }
}
