import Analysis
import Engine
import EventFormats
import Hummingbird
import JSON
import Reports
import Store
import Text

/// `POST /v1/analyses`, `GET /v1/analyses`, `GET /v1/analyses/{id}` and `GET /v1/analyses/{id}/report`.
struct PastAnalysisRoutes: Sendable {
    private let store: any Store
    private let desk: PastWindowDesk
    private let clock: any EngineClock
    private let analyses: PastReports
    private let answers = LargeAnswers()
    private let requests = FewAtATime(4, "requests for past windows are being read", retryAfter: 5)

    /// How often the store is asked while a caller waits.
    private static let pause = Duration.milliseconds(500)
    /// Until an analysis has been made there is no room for another.
    private static let retryAfter = 30

    init(store: any Store, desk: PastWindowDesk, clock: any EngineClock) {
        self.store = store
        self.desk = desk
        self.clock = clock
        analyses = PastReports(store: store)
    }

    struct Page: Codable, Sendable {
        var analyses: [PastAnalysisView]
        /// Give it as `before` to get the next page; absent on the last one.
        var next: String?
    }

    func add(to group: RouterGroup<WebContext>) {
        group.post { [self] request, _ in try await open(request) }
        group.get { [self] request, _ in try await list(request) }
        group.get(":id") { [self] request, context in try await show(context.parameters.require("id"), request) }
        group.get(":id/report") { [self] request, context in
            try await report(context.parameters.require("id"), request)
        }
    }

    // MARK: - Asking

    private func open(_ request: Request) async throws -> Response {
        let wait = try Self.wait(request)
        let bytes = try await JSONBody.bytes(of: request, maximumBytes: WebServer.maximumBodyBytes)
        let asked: PastWindowRequest
        do throws(PastWindowError) { asked = try PastWindowDecoder.decode(bytes, id: PastWindowDesk.newID()) } catch {
            throw HTTPError(.badRequest, message: error.description)
        }
        let opened: StoredPastAnalysis
        do {
            opened = try await requests.run {
                try await StoreFailure.rendering(.takingIn) { try await desk.open(asked) }
            }
        } catch let refusal as PastWindowDesk.Refusal {
            throw Self.error(refusal)
        }
        let id = opened.analysis.id
        let headers: HTTPFields = [.location: "/v1/analyses/\(id)"]
        guard wait > .zero, try await ended(id, within: wait) != nil else {
            var response = try JSONBody.response(["analysis": PastAnalysisView(opened)], status: .accepted)
            response.headers[.location] = headers[.location]
            return response
        }
        var response = try await answer(id, unless: nil)
        response.headers[.location] = headers[.location]
        return response
    }

    private static func error(_ refusal: PastWindowDesk.Refusal) -> HTTPError {
        switch refusal {
        case .wrong(let sentence): return HTTPError(.badRequest, message: sentence)
        case .full:
            let sentence =
                "\(PastAnalysisKeeper.mostWaiting) analyses of past windows wait to be made; nothing was taken in"
            return FewAtATime.refusal(sentence, retryAfter: retryAfter)
        }
    }

    private static func wait(_ request: Request) throws -> Duration {
        var wait: Duration?
        for (name, value) in request.uri.queryParameters {
            guard name == "wait" else {
                throw HTTPError(.badRequest, message: "unknown parameter \(String(name).excerpt()); known is wait")
            }
            guard wait == nil else { throw HTTPError(.badRequest, message: "wait is given twice") }
            guard let time = Duration(compactText: String(value)),
                (.zero...VerdictRoutes.maximumWait).contains(time)
            else {
                throw HTTPError(
                    .badRequest,
                    message: "wait must lie between 0s and \(VerdictRoutes.maximumWait.compactText)"
                )
            }
            wait = time
        }
        return wait ?? .zero
    }

    // MARK: - Reading

    private func list(_ request: Request) async throws -> Response {
        let query = try PastAnalysisQuery(
            parameters: request.uri.queryParameters.map { (name: String($0.key), value: String($0.value)) },
            at: clock.now()
        )
        return try await answers.response {
            let found = try await StoreFailure.rendering(.reading) { try await store.pastAnalyses(query) }
            let page = Page(
                analyses: found.map(PastAnalysisView.init),
                next: found.count == query.limit ? found.last?.cursor.description : nil
            )
            return [UInt8](try DomainJSON.encode(page))
        }
    }

    private func show(_ id: String, _ request: Request) async throws -> Response {
        let wait = try Self.wait(request)
        guard SessionRoutes.mayBeID(id) else { throw PastReports.notFound(id) }
        if wait > .zero { _ = try await ended(id, within: wait) }
        return try await answer(id, unless: request.headers[.ifNoneMatch])
    }

    /// The analysis, once it has ended; nil where it has not by then.
    private func ended(_ id: String, within wait: Duration) async throws -> StoredPastAnalysis? {
        let until = clock.now() + wait
        while true {
            let stored = try await analyses.stored(id)
            if stored.finishedAt != nil { return stored }
            guard clock.now() < until else { return nil }
            try await clock.sleep(until: min(until, clock.now() + Self.pause))
        }
    }

    /// As an analysis of a release is shown, and what it is beside that.
    private func answer(_ id: String, unless known: String?) async throws -> Response {
        try await answers.response(unless: known) {
            let stored = try await analyses.stored(id)
            let past = stored.analysis
            var answer: JSONObject = ["analysis": try SessionRoutes.json(PastAnalysisView(stored))]
            let interim = past.verdicts.last { $0.kind == .interim }
            answer["session"] = try SessionRoutes.json(SessionSummary(past.session, interim: interim))
            answer["plan"] = try SessionRoutes.json(PlanView(past.session.plan))
            answer["verdicts"] = .array(try past.verdicts.map(SessionRoutes.published))
            answer["transitions"] = try SessionRoutes.json(past.transitions.map(TransitionSummary.init))
            answer["actions"] = .array([])
            return JSONValue.object(answer).jsonBytes
        }
    }

    private func report(_ id: String, _ request: Request) async throws -> Response {
        let withSamples = try SessionRoutes.samples(request)
        guard SessionRoutes.mayBeID(id) else { throw PastReports.notFound(id) }
        return try await answers.response(unless: request.headers[.ifNoneMatch]) {
            [UInt8](try DomainJSON.encode(AnalysisReport(try await analyses.record(id, withSamples: withSamples))))
        }
    }
}
