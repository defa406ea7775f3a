import Analysis
import JSON
import Judging
import NIOCore
import Store

/// What goes over a stream: server-sent events, as the HTML standard has them (9.2, "Server-sent events").
enum StreamText {
    /// Says that the connection works, and nothing else.
    static let beat = ByteBuffer(string: ":\n\n")
    /// More has changed than is told: the reader asks for everything anew.
    static let reset = "event: reset\ndata: {}\n\n"

    /// What a reader that comes again goes on from.
    static func place(_ place: ChangePlace) -> String { "id: \(place)\n\n" }

    /// How long a reader waits before it comes again.
    static func retry(milliseconds: Int) -> String { "retry: \(milliseconds)\n\n" }

    /// - Parameters:
    ///   - place: behind the change; nil where what comes later says it.
    ///   - isSummary: without what tells how releases are judged.
    static func event(_ change: SessionChange, at place: ChangePlace?, isSummary: Bool) -> String {
        var data: JSONObject = [
            "session": .string(change.session),
            "application": .string(change.application),
            "environment": .string(change.environment),
            "cluster": named(change.cluster),
            "namespace": named(change.namespace),
            "version": .string(change.version),
        ]
        let name: String
        switch change.what {
        case .transition(let transition):
            name = "transition"
            data["transition"] = .object([
                "at": .string(transition.at.rfc3339),
                "cause": .string(transition.cause.rawValue),
                "from": transition.from.map { .string($0.rawValue) },
                "to": .string(transition.to.rawValue),
                "look": .integer(transition.look),
                "result": isSummary ? nil : transition.result.map { .string($0.rawValue) },
                "reason": isSummary ? nil : .string(transition.reason),
            ])
        case .action(let id, let source, let outcome, let at):
            name = "action"
            data["action"] = .object([
                "id": isSummary ? nil : .string(id),
                "source": isSummary ? nil : .string(source),
                "outcome": .string(outcome),
                "at": .string(at.rfc3339),
            ])
        case .unreadable: name = "change"
        }
        // JSON has no line ends of its own, so that the event is one line of data.
        return "\(place.map { "id: \($0)\n" } ?? "")event: \(name)\ndata: \(JSONValue.object(data).jsonText)\n\n"
    }

    private static func named(_ text: String?) -> JSONValue? { text.flatMap { $0.isEmpty ? nil : .string($0) } }
}
