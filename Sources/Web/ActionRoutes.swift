import Analysis
import Engine
import EventFormats
import Hummingbird
import JSON
import NIOCore
import Store
import Text

/// What rollout controllers did: handed in, listed, and asked for again.
struct ActionRoutes: Sendable {
    private let store: any Store
    private let composer: OutboxComposer
    private let clock: any EngineClock
    private let outbox: OutboxSignals
    private let actions: ActionKeeper

    static let maximumLimit = 500
    /// After this much a page ends, though more is there.
    static let maximumBytes = 4 << 20
    static let maximumBodyBytes = StoredAction.maximumEventBytes

    init(store: any Store, composer: OutboxComposer, clock: any EngineClock, outbox: OutboxSignals) {
        self.store = store
        self.composer = composer
        self.clock = clock
        self.outbox = outbox
        actions = ActionKeeper(store: store, composer: composer, clock: clock, outbox: outbox)
    }

    func add(to group: RouterGroup<WebContext>) {
        group.post("actions") { [self] request, _ in try await keep(request) }
        group.get("actions") { [self] request, _ in try await list(request) }
        group.post("sessions/:id/retry") { [self] request, context in
            try await retry(request, session: context.parameters.require("id"))
        }
    }

    // MARK: - Actions

    /// Takes a rollout event (`dev.assay.rollout.v1`) in structured mode. Handing the same one in again changes nothing.
    private func keep(_ request: Request) async throws -> Response {
        let body = try await JSONBody.bytes(of: request, maximumBytes: Self.maximumBodyBytes)
        let (event, action): (CloudEvent, RolloutAction)
        do throws(CloudEventError) {
            let headers = request.headers.map { EventHeader(name: $0.name.rawName, value: Array($0.value.utf8)) }
            event = try CloudEventHTTPBinding.decode(headers: headers, body: body)
            action = try RolloutEvent.decode(event)
        } catch {
            throw HTTPError(.badRequest, message: error.reason)
        }
        switch try await actions.keep(action, from: event) {
        case .stored: return JSONBody.response(["outcome": .string("stored")] as JSONObject, status: .created)
        case .duplicate: return JSONBody.response(["outcome": .string("duplicate")] as JSONObject)
        // What the controller did is done: it must not be kept from its next verdict.
        case .notKept: return JSONBody.response(["outcome": .string("notKept")] as JSONObject)
        case nil: throw HTTPError(.badRequest, message: "the event, or a name in it, is longer than is kept")
        case .unknownSession:
            throw HTTPError(.notFound, message: "there is no session \(action.session.excerpt())")
        }
    }

    /// Everything that is kept, oldest first, page by page: `next` is absent on the last one.
    private func list(_ request: Request) async throws -> Response {
        var after: Int64 = 0
        var limit = Self.maximumLimit
        for (name, value) in request.uri.queryParameters {
            switch name {
            case "after":
                guard let number = Int64(value), number >= 0 else {
                    throw HTTPError(.badRequest, message: "after must be what an earlier page gave as next")
                }
                after = number
            case "limit":
                guard let number = Int(value), (1...Self.maximumLimit).contains(number) else {
                    throw HTTPError(.badRequest, message: "limit must lie between 1 and \(Self.maximumLimit)")
                }
                limit = number
            default: throw HTTPError(.badRequest, message: "unknown parameter; known are after, limit")
            }
        }
        let actions = try await store.actions(after: after, limit: limit, maximumBytes: Self.maximumBytes)
        var answer: JSONObject = ["actions": .array(actions.map(ShownAction.event))]
        // A page that its bytes may have ended leads to a further one, which may be empty.
        let isFull = actions.reduce(0) { $0 + $1.event.count } > Self.maximumBytes - StoredAction.maximumEventBytes
        if actions.count == limit || isFull, let last = actions.last {
            answer["next"] = .string(String(last.sequence))
        }
        return JSONBody.response(answer)
    }

    // MARK: - Retries

    /// Sends the final verdict of a session to its readers again, marked as the request to perform its failed action
    /// again. Asking twice for the same failure changes nothing.
    private func retry(_ request: Request, session id: String) async throws -> Response {
        let body = try await JSONBody.object(of: request, maximumBytes: 4096)
        guard let stored = try await store.session(id: String(id.prefix(128))) else {
            throw HTTPError(.notFound, message: "there is no session \(id.excerpt())")
        }
        guard let verdict = stored.session.finalVerdict else {
            throw HTTPError(.conflict, message: "the session has no final verdict yet")
        }
        let failedAt = try await failure(named: body["failedAt"]?.text, of: verdict)
        guard let message = try composer.retry(of: verdict, failedAt: failedAt, at: clock.now()) else {
            throw HTTPError(.conflict, message: "verdicts are sent nowhere")
        }
        var change = StoreChange()
        change.messages = [message]
        try await store.commit(change)
        outbox.signal()
        return JSONBody.response(
            ["outcome": .string("requested"), "verdict": .string(verdict.id), "failedAt": .string(failedAt.rfc3339)],
            status: .accepted
        )
    }

    /// The failure that the caller names, or the newest one that is known here.
    private func failure(named text: String?, of verdict: Verdict) async throws -> Timestamp {
        if let text {
            guard let time = Timestamp(rfc3339: text) else {
                throw HTTPError(.badRequest, message: "failedAt must be the time (at) of the failed action")
            }
            return time
        }
        let actions = try await store.actions(ofSession: verdict.session).actions
        let last = actions.compactMap(ShownAction.decode).last { $0.verdictID == verdict.id }
        guard let last, last.outcome == .failed else {
            throw HTTPError(
                .conflict,
                message: last == nil
                    ? "no action of this session is known here; name the failed one by its time as failedAt"
                    : "the last action of this session did not fail"
            )
        }
        return last.at
    }
}

/// A stored action as the interface shows it.
enum ShownAction {
    /// The whole event, as it was handed in.
    static func event(_ action: StoredAction) -> JSONValue {
        (try? JSONParser.parse(action.event, maximumDepth: 64)) ?? .null
    }

    static func decode(_ action: StoredAction) -> RolloutAction? {
        let type = EventHeader(name: "content-type", value: Array("application/cloudevents+json".utf8))
        return (try? CloudEventHTTPBinding.decode(headers: [type], body: action.event))
            .flatMap { try? RolloutEvent.decode($0) }
    }

    /// What the page of a session tells; nil for what cannot be read.
    static func summary(_ action: StoredAction) -> JSONValue? {
        guard let action = decode(action) else { return nil }
        return .object([
            "id": .string(action.id),
            "verdict": .string(action.verdictID),
            "action": .string(action.action.rawValue),
            "outcome": .string(action.outcome.rawValue),
            "actuator": .string(action.actuator),
            "reason": .string(action.reason),
            "detail": action.detail.map { .string($0) },
            "at": .string(action.at.rfc3339),
        ])
    }
}
