import Analysis
import Engine
import Hummingbird
import JSON
import Store
import Text

extension EventRoutes {
    /// `GET /v1/events?source=…&id=…`: what an event was answered with. One that only repeats a release has no session of
    /// its own: it is answered by the session that analysed the release then.
    func show(_ request: Request) async throws -> Response {
        let identity = try Self.identity(
            request.uri.queryParameters.map { (name: String($0.key), value: String($0.value)) }
        )
        let found: JSONObject? = try await StoreFailure.rendering(.reading) { try await answer(to: identity) }
        guard let found else {
            throw HTTPError(
                .notFound,
                message: "no event \(identity.id.excerpt()) of \(identity.source.excerpt()) is known here"
            )
        }
        return JSONBody.response(found)
    }

    private func answer(to identity: EventIdentity) async throws(StoreError) -> JSONObject? {
        let own = SessionID.make(for: identity)
        let hasOwn = try await store.listedSession(id: own) != nil
        // The session may be kept longer than the event that opened it.
        let known = try await store.knownEvent(identity)
        guard hasOwn || known != nil else { return nil }
        var session = hasOwn ? own : nil
        let outcome = hasOwn ? known?.outcome ?? "" : known?.outcome
        if !hasOwn, outcome != nil, let event = known?.event { session = try await repeated(event) }
        return [
            "source": .string(identity.source),
            "id": .string(identity.id),
            "answered": .bool(outcome != nil),
            "session": session.map { .string($0) },
            "outcome": outcome.flatMap { $0.isEmpty ? nil : .string($0) },
        ]
    }

    /// The session whose release the event repeated.
    private func repeated(_ event: DeployEvent) async throws(StoreError) -> String? {
        let sessions = try await store.sessions(
            SessionQuery(
                application: event.application,
                environment: event.environment,
                version: event.version,
                limit: SessionQuery.maximumLimit
            )
        )
        return sessions.first { $0.session?.repeats?.contains(event.identity) == true }?.id
    }

    /// Both parameters, each once, as long as those of an event may be.
    private static func identity(_ parameters: [(name: String, value: String)]) throws -> EventIdentity {
        var values: [String: String] = [:]
        for (name, value) in parameters {
            guard ["source", "id"].contains(name), values.updateValue(value, forKey: name) == nil,
                (1...DeployEvent.maximumTextBytes).contains(value.utf8.count),
                value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
            else { throw HTTPError(.badRequest, message: "give source and id of one event, and nothing else") }
        }
        guard let source = values["source"], let id = values["id"] else {
            throw HTTPError(.badRequest, message: "give source and id of one event, and nothing else")
        }
        return EventIdentity(source: source, id: id)
    }
}
