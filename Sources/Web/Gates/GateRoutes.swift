import Analysis
import Engine
import EventFormats
import Foundation
import Hummingbird
import JSON
import NIOCore
import ReportPages
import Reports
import Store
import Telemetry
import Text

/// `GET /v1/gate/{application}/{environment}/{version}`, and the hooks by which Flagger asks the same
/// (`POST /v1/gate/flagger/{hook}`).
///
/// A gate opens for what a verdict that counts allows, and for nothing else: what is not known closes it.
struct GateRoutes: Sendable {
    private let lookup: GateLookup
    private let clock: any EngineClock
    private let hooks: HookReader
    private let metrics: WebMetrics

    /// How often the store is asked while a caller waits.
    private static let pause = Duration.seconds(1)
    private static let maximumBodyBytes = 64 << 10

    init(store: any Store, clock: any EngineClock, hooks: HookReader, metrics: WebMetrics) {
        lookup = GateLookup(store: store, clock: clock)
        self.clock = clock
        self.hooks = hooks
        self.metrics = metrics
    }

    func add(to group: RouterGroup<WebContext>) {
        group.get(":application/:environment/:version") { [self] request, context in
            try await answer(request, context)
        }
        group.post("flagger/:hook") { [self] request, context in
            try await flagger(context.parameters.require("hook"), request)
        }
    }

    // MARK: - By name

    private func answer(_ request: Request, _ context: WebContext) async throws -> Response {
        let query = try GateQuery(
            request.uri.queryParameters.map { (name: String($0.key), value: String($0.value)) }
        )
        func name(_ parameter: String) throws -> String {
            let text = try context.parameters.require(parameter)
            guard let name = text.removingPercentEncoding else {
                throw HTTPError(.badRequest, message: "\(parameter) is not encoded as an address asks for")
            }
            return name
        }
        let release = try ReleaseIdentity(
            application: name("application"),
            environment: name("environment"),
            cluster: query.cluster,
            namespace: query.namespace
        )
        let subject = try GateSubject(release: release, version: name("version")).checked()
        let gate = try await gate(of: subject, query)
        return JSONBody.response(
            Self.json(gate, of: subject),
            status: query.question.map { status(of: gate, for: $0) } ?? .ok
        )
    }

    private func gate(of subject: GateSubject, _ query: GateQuery) async throws -> ReleaseGate {
        let until = clock.now() + query.wait
        while true {
            let gate = try await lookup.gate(of: subject, query.terms)
            guard gate.mayChange, !(query.question.map(gate.opens) ?? false), clock.now() < until else { return gate }
            try await clock.sleep(until: min(until, clock.now() + Self.pause))
        }
    }

    private static func json(_ gate: ReleaseGate, of subject: GateSubject) -> JSONObject {
        var answer: JSONObject = [
            "application": .string(subject.release.application),
            "environment": .string(subject.release.environment),
            "version": .string(gate.version), "result": .string(gate.word), "reason": .string(gate.reason),
        ]
        var gates = JSONObject()
        for question in ReleaseGate.Question.allCases {
            gates[question.rawValue] = .bool(gate.opens(for: question))
        }
        answer["gates"] = .object(gates)
        // What was found about another version is nothing for its reader to follow.
        guard let session = gate.session, session.event.version == gate.version else { return answer }
        if let cluster = session.event.cluster { answer["cluster"] = .string(cluster) }
        if let namespace = session.event.namespace { answer["namespace"] = .string(namespace) }
        answer["session"] = .string(session.id)
        answer["page"] = .string(ReportPage.address(ofSession: session.id))
        answer["look"] = .integer(session.lastLook)
        answer["looks"] = .integer(session.schedule.count)
        if let next = session.wakeAt { answer["nextLookAt"] = .string(next.rfc3339) }
        if let final = session.finalVerdict { answer["decidedAt"] = .string(final.decidedAt.rfc3339) }
        return answer
    }

    // MARK: - Flagger

    /// 200 opens, 403 does not, and its body is what Flagger shows. Never 204, which Flagger takes for a refusal.
    private func flagger(_ name: String, _ request: Request) async throws -> Response {
        guard let question = FlaggerHook.questions[name] else {
            let known = FlaggerHook.questions.keys.sorted().joined(separator: ", ")
            throw HTTPError(.notFound, message: "\(name.excerpt()) is no gate of Flagger; known are \(known)")
        }
        let hook = try FlaggerHook(try await JSONBody.object(of: request, maximumBytes: Self.maximumBodyBytes), hooks)
        let gate = try await lookup.gate(of: hook.subject, hook.terms)
        let text = "\(hook.subject): \(gate.word): \(gate.reason)"
        return Response(
            status: status(of: gate, for: question),
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text.excerpt(1000) + "\n"))
        )
    }

    private func status(of gate: ReleaseGate, for question: ReleaseGate.Question) -> HTTPResponse.Status {
        let isOpen = gate.opens(for: question)
        metrics.gateAnswers.add(1, question.rawValue, isOpen ? "open" : "closed")
        return isOpen ? .ok : .forbidden
    }
}
