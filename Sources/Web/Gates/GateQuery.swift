import Analysis
import Hummingbird
import Text

/// The query parameters of `GET /v1/gate/{application}/{environment}/{version}`.
struct GateQuery: Sendable, Equatable {
    var cluster: String?
    var namespace: String?
    /// Answered with 200 or 403 by whether the gate opens for it; nil where every finding is answered with 200.
    var question: ReleaseGate.Question?
    var terms = ReleaseGate.Terms.default
    /// How long to wait for a final verdict, or for the gate to open.
    var wait = Duration.zero

    static let longestWait = VerdictRoutes.maximumWait
    private static let longestAge = Duration.seconds(30 * 86_400)

    /// Each parameter at most once; what is not known is refused.
    init(_ parameters: [(name: String, value: String)]) throws {
        var seen: Set<String> = []
        for (name, value) in parameters {
            guard seen.insert(name).inserted else { throw Self.refusal("\(name.excerpt()) is given twice") }
            switch name {
            case "cluster": cluster = value
            case "namespace": namespace = value
            case "event":
                guard (1...DeployEvent.maximumTextBytes).contains(value.utf8.count), !value.holdsUnprintable else {
                    throw Self.refusal("event must be the id of a deploy event")
                }
                terms.event = value
            case "for":
                guard let known = ReleaseGate.Question(rawValue: value) else {
                    let names = ReleaseGate.Question.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Self.refusal("for must be one of \(names)")
                }
                question = known
            case "within":
                guard let age = Duration(compactText: value), (.seconds(1)...Self.longestAge).contains(age) else {
                    throw Self.refusal("within must lie between 1s and \(Self.longestAge.compactText)")
                }
                terms.maximumAge = age
            case "plansFromEvents":
                guard let isAllowed = Bool(value) else { throw Self.refusal("plansFromEvents must be true or false") }
                terms.plansFromEvents = isAllowed
            case "wait":
                guard let time = Duration(compactText: value), (.zero...Self.longestWait).contains(time) else {
                    throw Self.refusal("wait must lie between 0s and \(Self.longestWait.compactText)")
                }
                wait = time
            default:
                throw Self.refusal(
                    "unknown parameter \(name.excerpt()); known are cluster, event, for, namespace, plansFromEvents, wait, within"
                )
            }
        }
    }

    private static func refusal(_ message: String) -> HTTPError { HTTPError(.badRequest, message: message) }
}
