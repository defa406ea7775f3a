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
    /// This verdict alone.
    var id: String?

    private static let maximumIDBytes = 256

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
            case "id":
                guard (1...Self.maximumIDBytes).contains(value.utf8.count),
                    value.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
                else { throw Self.refusal("id must be that of a verdict") }
                id = value
            default: throw Self.refusal("unknown parameter \(name.excerpt()); known are after, limit, wait, id")
            }
        }
        if id != nil, seen.count > 1 { throw Self.refusal("id goes with no other parameter") }
    }

    private static func refusal(_ message: String) -> HTTPError { HTTPError(.badRequest, message: message) }
}
