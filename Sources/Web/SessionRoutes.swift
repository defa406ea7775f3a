import Analysis
import Engine
import EventFormats
import Foundation
import Hummingbird
import JSON
import NIOCore
import Reports
import Store
import Text

/// `GET /v1/sessions`, `GET /v1/sessions/{id}`, and `GET /v1/sessions/{id}/report`.
struct SessionRoutes: Sendable {
    private let store: any Store
    private let analyses: ReportedAnalyses
    private let answers = LargeAnswers()
    /// Nil where every caller may read everything.
    private let access: WebAccess?

    init(store: any Store, access: WebAccess? = nil) {
        self.store = store
        analyses = ReportedAnalyses(store: store)
        self.access = access
    }

    struct Page: Codable, Sendable {
        var sessions: [SessionSummary]
        /// Give it as `before` to get the next page; absent on the last one.
        var next: String?
        /// Deploy events that fit and have no answer yet: each may open a session newer than all of these. Only on the
        /// first page.
        var unanswered: Int
    }

    func add(to group: RouterGroup<WebContext>) {
        group.get { [self] request, context in try await list(request, context) }
        group.get(":id") { [self] request, context in try await show(context.parameters.require("id"), request) }
        group.get(":id/report") { [self] request, context in
            try await report(context.parameters.require("id"), request)
        }
    }

    private func list(_ request: Request, _ context: WebContext) async throws -> Response {
        let query: SessionQuery
        do throws(SessionParameterError) {
            query = try SessionParameters.query(
                request.uri.queryParameters.map { (name: String($0.key), value: String($0.value)) },
                at: SystemClock().now()
            )
        } catch {
            throw HTTPError(.badRequest, message: error.description)
        }
        let isSummary = access?.showsOnlySummary(request, to: context.caller) ?? false
        return try await StoreFailure.rendering(.reading) {
            // Asked for first: an event that is answered meanwhile is then among the sessions, and not in neither.
            let unanswered = query.after == nil ? try await Unanswered.count(query, in: store) : 0
            let sessions = try await store.sessions(query)
            return try JSONBody.response(
                Page(
                    sessions: sessions.map { isSummary ? SessionSummary($0).withoutParticulars : SessionSummary($0) },
                    next: sessions.count == query.limit
                        ? sessions.last.map { SessionCursor(openedAt: $0.openedAt, id: $0.id).description } : nil,
                    unanswered: unanswered
                )
            )
        }
    }

    /// A verdict can have a quarter of a megabyte, and an analysis thousands of them.
    static let verdictsOfAPage = 20

    /// The session, its plan, its last verdicts (each the data of the event that is published, with the event's id), what
    /// happened to it, and what a rollout controller did about it.
    private func show(_ id: String, _ request: Request) async throws -> Response {
        guard Self.mayBeID(id) else { throw Self.notFound(id) }
        let before = try Self.before(request)
        return try await answers.response {
            let found: Kept? = try await StoreFailure.rendering(.reading) { try await kept(id, before: before) }
            guard let found else { throw Self.notFound(id) }
            return JSONValue.object(try Self.answer(found, isFirst: before == nil)).jsonBytes
        }
    }

    /// No other text is an id, and a store need not be asked for what it cannot hold.
    static func mayBeID(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// The verdict that older ones are asked for: what an earlier page gave as `next`.
    private static func before(_ request: Request) throws -> String? {
        var before: String?
        for (name, value) in request.uri.queryParameters {
            guard name == "before" else {
                throw HTTPError(.badRequest, message: "unknown parameter \(String(name).excerpt()); known is before")
            }
            guard before == nil else { throw HTTPError(.badRequest, message: "before is given twice") }
            guard (1...256).contains(value.utf8.count), value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw HTTPError(.badRequest, message: "before must be what an earlier page gave as next")
            }
            before = String(value)
        }
        return before
    }

    // MARK: - The report

    /// What its page shows, as JSON; with `samples=false` without those, which most of it may be.
    private func report(_ id: String, _ request: Request) async throws -> Response {
        let withSamples = try Self.samples(request)
        return try await answers.response(unless: request.headers[.ifNoneMatch]) {
            [UInt8](try DomainJSON.encode(AnalysisReport(try await analyses.record(id, withSamples: withSamples))))
        }
    }

    static func samples(_ request: Request) throws -> Bool {
        var samples: Bool?
        for (name, value) in request.uri.queryParameters {
            guard name == "samples" else {
                throw HTTPError(.badRequest, message: "unknown parameter \(String(name).excerpt()); known is samples")
            }
            guard samples == nil else { throw HTTPError(.badRequest, message: "samples is given twice") }
            guard let given = Bool(String(value)) else {
                throw HTTPError(.badRequest, message: "samples must be true or false")
            }
            samples = given
        }
        return samples ?? true
    }

    // MARK: - The session

    /// What the store keeps of a session.
    private struct Kept: Sendable {
        var listed: ListedSession
        var history: VerdictHistory
        var transitions: TransitionHistory
        var actions: ActionHistory
    }

    /// Nil where there is no such session.
    private func kept(_ id: String, before verdict: String?) async throws(StoreError) -> Kept? {
        guard let listed = try await store.listedSession(id: id) else { return nil }
        return Kept(
            listed: listed,
            history: try await store.verdicts(ofSession: id, newest: Self.verdictsOfAPage, before: verdict),
            transitions: try await store.transitions(ofSession: id),
            actions: try await store.actions(ofSession: id)
        )
    }

    private static func answer(_ kept: Kept, isFirst: Bool) throws -> JSONObject {
        let interim = isFirst ? kept.history.verdicts.last { $0.kind == .interim } : nil
        var answer: JSONObject = ["session": try json(SessionSummary(kept.listed, interim: interim))]
        if case .session(let session) = kept.listed { answer["plan"] = try json(PlanView(session.plan)) }
        answer["verdicts"] = .array(try kept.history.verdicts.map(published))
        if let oldest = kept.history.oldest { answer["next"] = .string(oldest) }
        answer["transitions"] = try json(kept.transitions.transitions.map(TransitionSummary.init))
        if !kept.history.unreadable.isEmpty { answer["unreadableVerdicts"] = try json(kept.history.unreadable) }
        if !kept.transitions.unreadable.isEmpty {
            answer["unreadableTransitions"] = try json(kept.transitions.unreadable)
        }
        answer["actions"] = .array(kept.actions.actions.compactMap(ShownAction.summary))
        if kept.actions.dropped > 0 { answer["droppedActions"] = .integer(kept.actions.dropped) }
        return answer
    }

    static func notFound(_ id: String) -> HTTPError {
        HTTPError(.notFound, message: "there is no session \(id.excerpt())")
    }

    static func json(_ value: some Encodable) throws -> JSONValue {
        try JSONParser.parse([UInt8](try DomainJSON.encode(value)), maximumDepth: 64)
    }

    static func published(_ verdict: Verdict) throws -> JSONValue {
        let event = VerdictEvent.encode(verdict, source: "", reportURL: nil)
        var shown: JSONObject = ["id": .string(event.id)]
        if case .object(let data) = try JSONParser.parse(event.data ?? [], maximumDepth: 32) {
            for (name, value) in data.members { shown[name] = value }
        }
        return .object(shown)
    }
}
