import Analysis
import Engine
import Foundation
import Hummingbird
import NIOCore
import PlanFormats
import ReportPages
import Reports
import Store
import Text

/// The pages: `/`, `/sessions/{id}` with its samples, `/a/{application}` with its environments and versions, and `/plans`.
struct PageRoutes: Sendable {
    private let store: any Store
    private let analyses: ReportedAnalyses
    private let version: String
    private let answers = LargeAnswers()
    private let recent = RecentPages()
    /// Nil in a process that has no plans.
    private let plans: (@Sendable () -> PlanShelf)?
    /// Nil where every caller may read everything.
    private let access: WebAccess?

    init(store: any Store, version: String, access: WebAccess?, plans: (@Sendable () -> PlanShelf)?) {
        self.plans = plans
        self.store = store
        analyses = ReportedAnalyses(store: store)
        self.version = version
        self.access = access
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("/") { [self] request, context in try await list(request, context) }
        router.get("sessions/:id") { [self] request, context in
            try await report(context.parameters.require("id"), request, context)
        }
        router.get("sessions/:id/metrics/:metric") { [self] request, context in
            try await metric(
                context.parameters.require("metric"),
                of: context.parameters.require("id"),
                request
            )
        }
        router.get("sessions/:id/samples.csv") { [self] request, context in
            try await samples(context.parameters.require("id"), request)
        }
        router.get("a/:application") { [self] request, context in try await application(context, request) }
        router.get("a/:application/:environment") { [self] request, context in
            try await application(context, request)
        }
        router.get("plans") { [self] request, _ in try await plans(request) }
        router.get("plans/:name") { [self] request, context in
            try await plan(context.parameters.require("name"), request)
        }
        router.get("a/:application/:environment/:version") { [self] _, context in try await newest(context) }
    }

    /// Assets say nothing about releases: every caller gets them.
    static func addAssets(to router: some RouterMethods<WebContext>) {
        for asset in PageAsset.all {
            router.get(RouterPath(asset.address)) { _, _ in
                Response(
                    status: .ok,
                    headers: [
                        .contentType: asset.contentType, .cacheControl: "public, max-age=31536000, immutable",
                    ],
                    body: .init(byteBuffer: ByteBuffer(bytes: asset.bytes))
                )
            }
        }
    }

    // MARK: - The list

    private func list(_ request: Request, _ context: WebContext) async throws -> Response {
        // A form sends its empty fields too.
        let given = request.uri.queryParameters.map { (name: String($0.key), value: String($0.value)) }
            .filter { !$0.value.isEmpty }
        let query: SessionQuery
        do throws(SessionParameterError) { query = try SessionParameters.query(given, at: SystemClock().now()) } catch {
            throw HTTPError(.badRequest, message: error.description)
        }
        let isSummary = access?.showsOnlySummary(request, to: context.caller) ?? false
        return try await answers.response(Self.headers, unless: request.headers[.ifNoneMatch]) {
            let (unanswered, sessions, running) = try await StoreFailure.rendering(.reading) {
                (
                    query.after == nil ? try await Unanswered.count(query, in: store) : 0,
                    try await store.sessions(query), try await store.unfinishedSessionCounts()
                )
            }
            let next = sessions.count == query.limit ? sessions.last : nil
            let html = ListPage.html(
                sessions.map(Self.row),
                filter: .init(
                    application: query.application,
                    environment: query.environment,
                    cluster: query.cluster,
                    namespace: query.namespace,
                    version: query.version,
                    phase: query.phase,
                    result: query.result,
                    since: given.first { $0.name == "since" }?.value
                ),
                running: running,
                next: next.map { SessionCursor(openedAt: $0.openedAt, id: $0.id).description },
                unanswered: unanswered,
                showsReasons: !isSummary,
                version: version
            )
            return Array(html.utf8)
        }
    }

    private static func row(_ listed: ListedSession) -> ListedAnalysis {
        switch listed {
        case .session(let session): ListedAnalysis(session)
        case .unreadable(let row):
            ListedAnalysis(
                unreadable: row.id,
                application: row.application,
                environment: row.environment,
                version: row.version,
                openedAt: row.openedAt,
                why: row.reason
            )
        }
    }

    // MARK: - One analysis

    private func report(_ id: String, _ request: Request, _ context: WebContext) async throws -> Response {
        let offered = DecisionForms.offered(to: context.caller)
        return try await answers.response(Self.headers, unless: request.headers[.ifNoneMatch]) {
            try await recent.page(request) {
                let record = try await analyses.record(id)
                return Array(ReportPage.html(AnalysisReport(record), actions: offered, version: version).utf8)
            }
        }
    }

    private func metric(_ number: String, of id: String, _ request: Request) async throws -> Response {
        guard let index = Int(number) else { throw Self.noMetric }
        return try await answers.response(Self.headers, unless: request.headers[.ifNoneMatch]) {
            let report = AnalysisReport(try await analyses.record(id, releases: 0))
            guard let html = ReportPage.html(ofMetric: index, report, version: version) else { throw Self.noMetric }
            return Array(html.utf8)
        }
    }

    static var noMetric: HTTPError { HTTPError(.notFound, message: "the analysis has no such metric") }

    static let headers: HTTPFields = [.contentType: "text/html; charset=utf-8", .cacheControl: "no-cache"]

    static let sampleHeaders: HTTPFields = [
        .contentType: "text/csv; charset=utf-8; header=present",
        .contentDisposition: "attachment; filename=\"samples.csv\"",
    ]

    private func samples(_ id: String, _ request: Request) async throws -> Response {
        try await answers.response(Self.sampleHeaders, unless: request.headers[.ifNoneMatch]) {
            Array(SampleCSV.text(try await analyses.record(id, releases: 0)).utf8)
        }
    }

    // MARK: - Applications and plans

    private func application(_ context: WebContext, _ request: Request) async throws -> Response {
        let application = try context.parameters.require("application")
        let environment = context.parameters.get("environment")
        var query = SessionQuery(limit: ApplicationPage.analyses)
        query.application = application.removingPercentEncoding ?? application
        query.environment = environment.map { $0.removingPercentEncoding ?? $0 }
        return try await answers.response(Self.headers, unless: request.headers[.ifNoneMatch]) { [query] in
            let found = try await StoreFailure.rendering(.reading) { try await store.sessions(query) }
            guard !found.isEmpty else { throw HTTPError(.notFound, message: "no release of it has been analysed") }
            let html = ApplicationPage.html(
                found.compactMap(\.session),
                application: query.application ?? "",
                environment: query.environment,
                version: version
            )
            return Array(html.utf8)
        }
    }

    private func plans(_ request: Request) async throws -> Response {
        try await answers.response(Self.headers, unless: request.headers[.ifNoneMatch]) {
            Array(PlansPage.html(try shelf(), version: version).utf8)
        }
    }

    private func plan(_ name: String, _ request: Request) async throws -> Response {
        let name = name.removingPercentEncoding ?? name
        return try await answers.response(Self.headers, unless: request.headers[.ifNoneMatch]) {
            guard let html = PlansPage.html(ofPlan: name, try shelf(), version: version) else {
                throw HTTPError(.notFound, message: "no plan in use has this name")
            }
            return Array(html.utf8)
        }
    }

    private func shelf() throws -> PlanShelf {
        guard let plans else { throw HTTPError(.notFound, message: "this process has no plans") }
        return plans()
    }

    /// Leads to the newest analysis of a version.
    private func newest(_ context: WebContext) async throws -> Response {
        var query = SessionQuery(limit: 1)
        query.application = try context.parameters.require("application").removingPercentEncoding
        query.environment = try context.parameters.require("environment").removingPercentEncoding
        query.version = try context.parameters.require("version").removingPercentEncoding
        let found = try await StoreFailure.rendering(.reading) { [query] in try await store.sessions(query).first }
        guard let found else { throw HTTPError(.notFound, message: "there is no analysis of this version") }
        return .redirect(to: ReportPage.address(ofSession: found.id), type: .found)
    }
}
