import Analysis
import Judging
import Store
import Text

/// Why the parameters of a request cannot be used, in one sentence for the caller.
struct SessionParameterError: Error, Sendable, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// The query parameters of `GET /v1/sessions`.
enum SessionParameters {
    /// What says which sessions are meant.
    static let filters = ["application", "cluster", "environment", "namespace", "phase", "version"]

    /// Each parameter at most once; what is not known is refused.
    ///
    /// - Parameters:
    ///   - known: those that the caller takes, those that it reads itself included.
    ///   - now: what a time ago is counted from.
    static func query(
        _ parameters: [(name: String, value: String)],
        known: [String] = (filters + ["before", "limit", "result", "since"]).sorted(),
        at now: Timestamp
    ) throws(SessionParameterError) -> SessionQuery {
        var values: [String: String] = [:]
        for (name, value) in parameters {
            guard known.contains(name) else {
                throw SessionParameterError(
                    "unknown parameter \(name.excerpt()); known are \(known.joined(separator: ", "))"
                )
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw SessionParameterError("\(name) is given twice")
            }
        }
        var query = SessionQuery(
            application: try text("application", values),
            environment: try text("environment", values),
            cluster: try text("cluster", values),
            namespace: try text("namespace", values),
            version: try text("version", values)
        )
        if let phase = values["phase"] {
            guard let known = AnalysisSession.Phase(rawValue: phase) else {
                let names = AnalysisSession.Phase.allCases.map(\.rawValue).joined(separator: ", ")
                throw SessionParameterError("phase must be one of \(names)")
            }
            query.phase = known
        }
        if let result = values["result"] {
            guard let known = JudgementResult.allCases.first(where: { $0.rawValue == result }) else {
                let names = JudgementResult.allCases.map(\.rawValue).joined(separator: ", ")
                throw SessionParameterError("result must be one of \(names)")
            }
            query.result = known
        }
        if let since = values["since"] {
            guard let time = Timestamp(rfc3339: since) ?? Duration(compactText: since).map({ now - $0 }) else {
                throw SessionParameterError("since must be an RFC 3339 time, or how long ago, as 24h")
            }
            query.since = time
        }
        if let before = values["before"] {
            guard let cursor = SessionCursor(before), isClean(before) else {
                throw SessionParameterError("before must be what an earlier page gave as next, or an RFC 3339 time")
            }
            query.after = cursor
        }
        if let limit = values["limit"] {
            guard let number = Int(limit), (1...SessionQuery.maximumLimit).contains(number) else {
                throw SessionParameterError("limit must lie between 1 and \(SessionQuery.maximumLimit)")
            }
            query.limit = number
        }
        return query
    }

    /// As long as what a deploy event may hold: a longer text is in no session.
    private static func text(
        _ name: String,
        _ values: [String: String]
    ) throws(SessionParameterError) -> String? {
        guard let value = values[name] else { return nil }
        guard value.utf8.count <= DeployEvent.maximumTextBytes, isClean(value) else {
            throw SessionParameterError(
                "\(name) must have at most \(DeployEvent.maximumTextBytes) bytes and no control characters"
            )
        }
        return value
    }

    private static func isClean(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
}
