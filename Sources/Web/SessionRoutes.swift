import Analysis
import Engine
import EventFormats
import Foundation
import Hummingbird
import JSON
import NIOCore
import Store
import Text

/// `GET /v1/sessions` and `GET /v1/sessions/{id}`.
struct SessionRoutes: Sendable {
    private let store: any Store

    init(store: any Store) {
        self.store = store
    }

    struct Page: Codable, Sendable {
        var sessions: [SessionSummary]
        /// Give it as `before` to get the next page; absent on the last one.
        var next: String?
    }

    func add(to group: RouterGroup<BasicRequestContext>) {
        group.get { [self] request, _ in try await list(request) }
        group.get(":id") { [self] _, context in try await show(context.parameters.require("id")) }
    }

    private func list(_ request: Request) async throws -> Response {
        let query: SessionQuery
        do throws(SessionParameterError) {
            query = try SessionParameters.query(
                request.uri.queryParameters.map { (name: String($0.key), value: String($0.value)) }
            )
        } catch {
            throw HTTPError(.badRequest, message: error.description)
        }
        let sessions = try await store.sessions(query)
        return try JSONBody.response(
            Page(
                sessions: sessions.map(SessionSummary.init),
                next: sessions.count == query.limit
                    ? sessions.last.map { SessionCursor(openedAt: $0.openedAt, id: $0.id).description } : nil
            )
        )
    }

    /// A verdict can have a quarter of a megabyte, and an analysis thousands of them.
    static let maximumVerdicts = 200

    /// The session, its last verdicts (each the data of the event that is published, with the event's id), what happened
    /// to it, and what a rollout controller did about it.
    private func show(_ id: String) async throws -> Response {
        // No other text is an id, and a store need not be asked for what it cannot hold.
        guard (1...128).contains(id.utf8.count), id.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            let listed = try await store.listedSession(id: id)
        else {
            throw HTTPError(.notFound, message: "there is no session \(id.excerpt())")
        }
        let history = try await store.verdicts(ofSession: id, newest: Self.maximumVerdicts)
        let summary = try DomainJSON.encode(SessionSummary(listed))
        var body = Data(#"{"session":"#.utf8) + summary + Data(#","verdicts":["#.utf8)
        body += Data(try history.verdicts.map { Data(try published($0)) }.joined(separator: Data(",".utf8)))
        body += Data(#"],"transitions":"#.utf8)
        body += try DomainJSON.encode(try await store.transitions(ofSession: id).map(TransitionSummary.init))
        if !history.unreadable.isEmpty {
            body += Data(#","unreadableVerdicts":"#.utf8)
            body += try DomainJSON.encode(history.unreadable)
        }
        let actions = try await store.actions(ofSession: id, newest: Self.maximumVerdicts)
        body += Data(#","actions":"#.utf8) + JSONValue.array(actions.compactMap(ShownAction.summary)).jsonBytes
        body += Data("}".utf8)
        return Response(
            status: .ok,
            headers: [.contentType: "application/json; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(bytes: body))
        )
    }

    private func published(_ verdict: Verdict) throws -> [UInt8] {
        let event = VerdictEvent.encode(verdict, source: "", reportURL: nil)
        var shown: JSONObject = ["id": .string(event.id)]
        if case .object(let data) = try JSONParser.parse(event.data ?? [], maximumDepth: 32) {
            for (name, value) in data.members { shown[name] = value }
        }
        return JSONValue.object(shown).jsonBytes
    }
}
