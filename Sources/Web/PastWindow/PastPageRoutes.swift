import Analysis
import Engine
import HTTPTypes
import Hummingbird
import ReportPages
import Reports
import Store

/// The pages of analyses of past windows: `/analyses`, and `/analyses/{id}` with its samples.
struct PastPageRoutes: Sendable {
    private let store: any Store
    private let analyses: PastReports
    private let version: String
    private let clock: any EngineClock
    private let answers = LargeAnswers()

    /// A page whose analysis has not ended comes again by itself, without a script.
    private static let refresh = "3"
    private static let refreshName = HTTPField.Name("Refresh")

    init(store: any Store, version: String, clock: any EngineClock) {
        self.store = store
        self.version = version
        self.clock = clock
        analyses = PastReports(store: store)
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("analyses") { [self] request, _ in try await list(request) }
        router.get("analyses/:id") { [self] request, context in
            try await report(context.parameters.require("id"), request)
        }
        router.get("analyses/:id/metrics/:metric") { [self] request, context in
            try await metric(
                context.parameters.require("metric"),
                of: context.parameters.require("id"),
                request
            )
        }
        router.get("analyses/:id/samples.csv") { [self] request, context in
            try await samples(context.parameters.require("id"), request)
        }
    }

    private func list(_ request: Request) async throws -> Response {
        // A form sends its empty fields too.
        let query = try PastAnalysisQuery(
            parameters: request.uri.queryParameters.map { (name: String($0.key), value: String($0.value)) }
                .filter { !$0.value.isEmpty },
            at: clock.now()
        )
        return try await answers.response(PageRoutes.headers, unless: request.headers[.ifNoneMatch]) {
            let found = try await StoreFailure.rendering(.reading) { try await store.pastAnalyses(query) }
            let html = PastListPage.html(
                found.map { PastListPage.Row(PastReports.record($0)) },
                next: found.count == query.limit ? found.last?.cursor.description : nil,
                version: version
            )
            return Array(html.utf8)
        }
    }

    private func report(_ id: String, _ request: Request) async throws -> Response {
        let isRunning = try await analyses.stored(id).finishedAt == nil
        var response = try await answers.response(PageRoutes.headers, unless: request.headers[.ifNoneMatch]) {
            let record = try await analyses.record(id)
            return Array(ReportPage.html(AnalysisReport(record), version: version).utf8)
        }
        if isRunning, let name = Self.refreshName { response.headers[name] = Self.refresh }
        return response
    }

    private func metric(_ number: String, of id: String, _ request: Request) async throws -> Response {
        guard let index = Int(number) else { throw PageRoutes.noMetric }
        return try await answers.response(PageRoutes.headers, unless: request.headers[.ifNoneMatch]) {
            let report = AnalysisReport(try await analyses.record(id))
            guard let html = ReportPage.html(ofMetric: index, report, version: version) else {
                throw PageRoutes.noMetric
            }
            return Array(html.utf8)
        }
    }

    private func samples(_ id: String, _ request: Request) async throws -> Response {
        try await answers.response(PageRoutes.sampleHeaders, unless: request.headers[.ifNoneMatch]) {
            Array(SampleCSV.text(try await analyses.record(id)).utf8)
        }
    }
}
