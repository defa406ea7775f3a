import Analysis
import Engine
import EventFormats
import Foundation
import Hummingbird
import NIOCore
import Store

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
        let query = try sessionQuery(request.uri.queryParameters)
        let sessions = try await store.sessions(query)
        return try JSONBody.response(
            Page(
                sessions: sessions.map(SessionSummary.init),
                next: sessions.count == query.limit
                    ? sessions.last.map { SessionCursor(openedAt: $0.openedAt, id: $0.id).description } : nil
            )
        )
    }

    private static let known: Set<Substring> = ["application", "environment", "version", "phase", "before", "limit"]

    private func sessionQuery(_ parameters: Parameters) throws -> SessionQuery {
        if let unknown = parameters.map(\.key).first(where: { !Self.known.contains($0) }) {
            throw HTTPError(
                .badRequest,
                message:
                    "unknown parameter \(unknown.prefix(64)); known are \(Self.known.sorted().joined(separator: ", "))"
            )
        }
        var query = SessionQuery(
            application: parameters["application"].map(String.init),
            environment: parameters["environment"].map(String.init),
            version: parameters["version"].map(String.init)
        )
        if let phase = parameters["phase"] {
            guard let known = AnalysisSession.Phase(rawValue: String(phase)) else {
                let names = AnalysisSession.Phase.allCases.map(\.rawValue).joined(separator: ", ")
                throw HTTPError(.badRequest, message: "phase must be one of \(names)")
            }
            query.phase = known
        }
        if let before = parameters["before"] {
            guard let cursor = SessionCursor(before) else {
                throw HTTPError(
                    .badRequest,
                    message: "before must be what an earlier page gave as next, or an RFC 3339 time"
                )
            }
            query.after = cursor
        }
        if let limit = parameters["limit"] {
            guard let number = Int(limit), (1...SessionQuery.maximumLimit).contains(number) else {
                throw HTTPError(.badRequest, message: "limit must lie between 1 and \(SessionQuery.maximumLimit)")
            }
            query.limit = number
        }
        return query
    }

    /// The session, all its verdicts (each the data of the event that is published, with the event's id), and what
    /// happened to it.
    private func show(_ id: String) async throws -> Response {
        guard let stored = try await store.session(id: id) else {
            throw HTTPError(.notFound, message: "there is no session \(id.prefix(64))")
        }
        let verdicts = try await store.verdicts(ofSession: id)
        let summary = try DomainJSON.encode(SessionSummary(stored.session))
        var body = Data(#"{"session":"#.utf8) + summary + Data(#","verdicts":["#.utf8)
        body += Data(try verdicts.map { Data(try published($0)) }.joined(separator: Data(",".utf8)))
        body += Data(#"],"transitions":"#.utf8)
        body += try DomainJSON.encode(try await store.transitions(ofSession: id))
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
