import Analysis
import Engine
import HTTPTypes
import Hummingbird
import JSON
import Judging
import Store
import Text

/// `POST /v1/sessions/{id}/approve`, `/abort`, `/cancel` and `/feedback`: what people decide about an analysis, and whether
/// they found its verdict right.
struct DecisionRoutes: Sendable {
    private let desk: DecisionDesk

    static let maximumBodyBytes = 8192
    private static let maximumKeyBytes = 128
    private static let keyName = HTTPField.Name("Idempotency-Key")

    init(_ desk: DecisionDesk) {
        self.desk = desk
    }

    func add(to group: RouterGroup<WebContext>) {
        for kind in PersonDecision.Kind.allCases {
            group.post(":id/\(kind.rawValue)") { [self] request, context in
                let body = try await Self.body(of: request, ["reason", "seen"])
                let session = try context.parameters.require("id")
                let outcome = try await decide(
                    DecisionDesk.Request(
                        session: session,
                        kind: kind,
                        actor: context.actor,
                        reason: try Self.reason(body["reason"]?.text),
                        key: try Self.key(of: request),
                        seen: try Self.seen(body["seen"])
                    )
                )
                return JSONBody.response(Self.answer(outcome, session: session))
            }
        }
        group.post(":id/feedback") { [self] request, context in
            let body = try await Self.body(of: request, ["opinion", "note"])
            let outcome = try await keep(
                body["opinion"]?.text ?? "",
                note: try body["note"].flatMap { try Self.note($0.text) },
                on: try context.parameters.require("id"),
                by: context.actor
            )
            return JSONBody.response(["outcome": .string(outcome.rawValue)] as JSONObject)
        }
    }

    // MARK: - For every door

    enum Decided: Sendable {
        case decided(Verdict)
        case unchanged(verdict: String)
    }

    enum KeptFeedback: String {
        case kept
        case unchanged
    }

    func decide(_ request: DecisionDesk.Request) async throws -> Decided {
        let outcome: DecisionOutcome? =
            SessionRoutes.mayBeID(request.session)
            ? try await StoreFailure.rendering(.deciding) { try await desk.decide(request) } : nil
        switch outcome {
        case nil: throw SessionRoutes.notFound(request.session)
        case .decided(let verdict): return .decided(verdict)
        case .unchanged(let verdict): return .unchanged(verdict: verdict)
        case .refused(let refusal): throw HTTPError(.conflict, message: refusal.sentence)
        }
    }

    func keep(_ opinion: String, note: String?, on session: String, by actor: String) async throws -> KeptFeedback {
        guard let opinion = VerdictFeedback.Opinion(known: opinion) else {
            throw HTTPError(.badRequest, message: "opinion must be right or wrong")
        }
        let outcome: DecisionDesk.FeedbackOutcome? =
            SessionRoutes.mayBeID(session)
            ? try await StoreFailure.rendering(.deciding) {
                try await desk.keep(opinion, on: session, actor: actor, note: note)
            } : nil
        switch outcome {
        case nil: throw SessionRoutes.notFound(session)
        case .kept: return .kept
        case .unchanged: return .unchanged
        case .undecided: throw HTTPError(.conflict, message: "the analysis has no final verdict yet")
        }
    }

    /// Why, as the person says it: it is shown to those who read the verdict.
    static func reason(_ text: String?) throws -> String {
        guard let text, let reason = try note(text) else {
            throw HTTPError(.badRequest, message: "reason is missing: say in a sentence why")
        }
        return reason
    }

    /// Nil for an empty one.
    static func note(_ text: String?) throws -> String? {
        guard let text else { return nil }
        let trimmed = text.trimmed
        guard trimmed.utf8.count <= PersonDecision.maximumReasonBytes, !trimmed.holdsUnprintable else {
            throw HTTPError(
                .badRequest,
                message:
                    "a reason has at most \(PersonDecision.maximumReasonBytes) bytes, on one line, and no control characters"
            )
        }
        return trimmed.isEmpty ? nil : trimmed
    }

    // MARK: - JSON

    private static func body(of request: Request, _ known: [String]) async throws -> JSONObject {
        let body = try await JSONBody.object(of: request, maximumBytes: maximumBodyBytes)
        for (name, value) in body.members {
            guard known.contains(name) else {
                throw HTTPError(
                    .badRequest,
                    message: "\(name.excerpt()) is not known here; known are \(known.joined(separator: ", "))"
                )
            }
            guard value.text != nil || value == .null else {
                throw HTTPError(.badRequest, message: "\(name) must be a text")
            }
        }
        return body
    }

    private static func seen(_ value: JSONValue?) throws -> String? {
        guard let text = value?.text else { return nil }
        guard (1...256).contains(text.utf8.count) else {
            throw HTTPError(.badRequest, message: "seen must be the id of a verdict, or \(AnalysisSession.unseen)")
        }
        return text
    }

    private static func key(of request: Request) throws -> String? {
        guard let key = keyName.flatMap({ request.headers[$0] }) else { return nil }
        guard (1...maximumKeyBytes).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw HTTPError(
                .badRequest,
                message: "an Idempotency-Key has 1 to \(maximumKeyBytes) visible ASCII characters without blanks"
            )
        }
        return key
    }

    private static func answer(_ decided: Decided, session: String) -> JSONObject {
        switch decided {
        case .decided(let verdict):
            [
                "outcome": .string("decided"), "session": .string(session), "verdict": .string(verdict.id),
                "status": .string(verdict.status.rawValue), "result": .string(verdict.result.rawValue),
                "decidedAt": .string(verdict.decidedAt.rfc3339),
            ]
        case .unchanged(let verdict):
            ["outcome": .string("unchanged"), "session": .string(session), "verdict": .string(verdict)]
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
