import Analysis
import Hummingbird
import JSON
import Text

/// A hook of a Flagger canary that asks whether its rollout may go on.
///
/// Flagger names a canary and not a version: `checksum` tells one revision of it from the next. The metadata of the hook,
/// which its owner writes, says what Flagger does not know.
struct FlaggerHook: Sendable, Equatable {
    /// The types of hooks that are gates, by what they ask.
    static let questions: [String: ReleaseGate.Question] = [
        "confirm-rollout": .start, "confirm-traffic-increase": .advance, "confirm-promotion": .promote,
        "rollback": .rollBack,
    ]

    var subject: GateSubject
    var terms = ReleaseGate.Terms.default

    /// - Throws: 400 where the body is not one of Flagger, or the metadata lacks what Flagger cannot know.
    init(_ body: JSONObject) throws {
        let metadata = body["metadata"]?.object ?? JSONObject()
        func text(_ name: String, in object: JSONObject) throws -> String? {
            guard let value = object[name], value != .null, value != .string("") else { return nil }
            guard let text = value.text else { throw Self.refusal("\(name) must be a text") }
            return text
        }
        guard let application = try text("application", in: metadata) ?? text("name", in: body) else {
            throw Self.refusal("name is missing: this is no hook of Flagger")
        }
        guard let version = try text("version", in: metadata) ?? text("checksum", in: body) else {
            throw Self.refusal("checksum is missing: this is no hook of Flagger")
        }
        guard let environment = try text("environment", in: metadata) else {
            throw Self.refusal("the metadata of the hook must name the environment")
        }
        subject = try GateSubject(
            application: application,
            environment: environment,
            cluster: text("cluster", in: metadata),
            namespace: text("namespace", in: metadata) ?? text("namespace", in: body),
            version: version
        ).checked()
        if let within = try text("within", in: metadata) {
            terms.maximumAge = try GateQuery([(name: "within", value: within)]).terms.maximumAge
        }
    }

    private static func refusal(_ message: String) -> HTTPError { HTTPError(.badRequest, message: message) }
}
