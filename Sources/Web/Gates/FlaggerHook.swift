import Analysis
import EventFormats
import Hummingbird
import JSON

/// A hook of a Flagger canary that asks whether its rollout may go on. It is about the version that the same canary's messages
/// tell of.
struct FlaggerHook: Sendable, Equatable {
    /// The types of hooks that are gates, by what they ask.
    static let questions: [String: ReleaseGate.Question] = [
        "confirm-rollout": .start, "confirm-traffic-increase": .advance, "confirm-promotion": .promote,
        "rollback": .rollBack,
    ]

    let subject: GateSubject
    let terms: ReleaseGate.Terms

    /// - Throws: 400 where the body is not one of Flagger, or does not say what no profile adds.
    init(_ body: JSONObject, _ hooks: HookReader) throws {
        let event: DeployEvent
        switch hooks.canary(body) {
        case .deploy(let found): event = found
        case .change(let change):
            throw HTTPError(.badRequest, message: "\(change.subject) is a change that no gate is asked for")
        case .ignored(let reason), .malformed(let reason): throw HTTPError(.badRequest, message: reason)
        }
        subject = GateSubject(release: event.release, version: event.version)
        let within = body["metadata"]?.object?["within"]?.text.map { [(name: "within", value: $0)] }
        terms = try GateQuery(within ?? []).terms
    }
}
