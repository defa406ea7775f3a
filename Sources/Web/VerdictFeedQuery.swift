import Analysis
import Hummingbird
import Store
import Text

/// The query parameters of `GET /v1/verdicts`.
struct VerdictFeedQuery: Sendable, Equatable {
    enum Start: Sendable, Equatable {
        case place(OutboxCursor)
        /// Behind everything that is there now.
        case end
    }

    /// The beginning without it.
    var after = Start.place(OutboxCursor())
    var limit = 50
    var wait = Duration.zero

    /// Each parameter at most once; what is not known is refused.
    init(_ parameters: [(name: String, value: String)]) throws {
        var seen: Set<String> = []
        for (name, value) in parameters {
            guard seen.insert(name).inserted else { throw Self.refusal("\(name.excerpt()) is given twice") }
            switch name {
            case "after" where value == "end": after = .end
            case "after":
                guard let place = OutboxCursor(value) else {
                    throw Self.refusal("after must be end, or a place that an earlier answer gave")
                }
                after = .place(place)
            case "limit":
                guard let number = Int(value), (1...VerdictRoutes.maximumLimit).contains(number) else {
                    throw Self.refusal("limit must lie between 1 and \(VerdictRoutes.maximumLimit)")
                }
                limit = number
            case "wait":
                guard let time = Duration(compactText: value), (.zero...VerdictRoutes.maximumWait).contains(time) else {
                    throw Self.refusal("wait must lie between 0s and \(VerdictRoutes.maximumWait.compactText)")
                }
                wait = time
            default: throw Self.refusal("unknown parameter \(name.excerpt()); known are after, limit, wait")
            }
        }
    }

    private static func refusal(_ message: String) -> HTTPError { HTTPError(.badRequest, message: message) }
}
