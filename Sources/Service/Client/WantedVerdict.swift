package import Analysis

/// Whose final verdict a pipeline waits for. What else it says about the release must be true of the verdict.
package enum WantedVerdict: Sendable, Equatable {
    /// Of one session.
    case session(String, ReleaseFilter = ReleaseFilter())
    /// On one deploy event, which opened the analysis or repeated its release; any source, when it is nil.
    case event(id: String, source: String?, ReleaseFilter = ReleaseFilter())
    /// On the newest deployment of a version, no matter which event announced it.
    case version(ReleaseFilter)

    package var filter: ReleaseFilter {
        switch self {
        case .session(_, let filter), .event(_, _, let filter), .version(let filter): filter
        }
    }

    /// Whether the verdict is of the session, the event or the version, wherever that was released.
    package func names(_ verdict: Verdict) -> Bool {
        switch self {
        case .session(let id, _): verdict.session == id
        case .event(let id, let source, _):
            ([verdict.deployEvent] + (verdict.repeats ?? [])).contains {
                $0.id == id && (source == nil || source == $0.source)
            }
        case .version(let filter): filter.fits(verdict.release, version: verdict.version)
        }
    }

    package func matches(_ verdict: Verdict) -> Bool {
        names(verdict) && filter.fits(verdict.release, version: verdict.version)
    }

    /// For a sentence: "checkout 2.4.0".
    package var name: String {
        switch self {
        case .session(let id, _): "session \(id)"
        case .event(let id, _, let filter): [filter.application, id].compactMap { $0 }.joined(separator: " ")
        case .version(let filter):
            [filter.application, filter.version].compactMap { $0 }.joined(separator: " ")
                + (filter.environment.map { " in \($0)" } ?? "")
        }
    }
}
