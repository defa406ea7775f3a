import Analysis
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import Judging
import ReportPages
import Reports

private let fetchSiteName = HTTPField.Name("Sec-Fetch-Site")

/// What people decide on the pages: a form for each decision, which works without scripts.
///
/// A browser sends a person's password with every request to this service, also with one that another site's page made it send.
/// So a form is taken only where the browser says that a page of this service sent it (`Origin`, `Sec-Fetch-Site`); one that says
/// nothing is none, and programs have `/v1`.
struct DecisionForms: Sendable {
    private let decisions: DecisionRoutes
    private let analyses: ReportedAnalyses
    private let version: String

    init(_ decisions: DecisionRoutes, analyses: ReportedAnalyses, version: String) {
        self.decisions = decisions
        self.analyses = analyses
        self.version = version
    }

    func add(to router: some RouterMethods<WebContext>) {
        for action in PageAction.allCases {
            let path = RouterPath("sessions/:id/\(action.rawValue)")
            router.get(path) { [self] _, context in try await form(action, context) }
            router.post(path) { [self] request, context in try await send(action, request, context) }
        }
    }

    /// What the page of an analysis offers a caller. One without a token is asked for it on the way.
    static func offered(to caller: Caller?) -> [PageAction] {
        PageAction.allCases.filter { action in
            caller?.may(.get, action.address(ofSession: "x")) ?? true
        }
    }

    private func form(_ action: PageAction, _ context: WebContext) async throws -> Response {
        let id = try context.parameters.require("id")
        let record = try await analyses.record(id, releases: 0, withSamples: false)
        let html = DecisionPage.html(
            action,
            AnalysisReport(record),
            seen: record.session.finalVerdict?.id ?? AnalysisSession.unseen,
            actor: context.actor,
            version: version
        )
        return Response(
            status: .ok,
            headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: html))
        )
    }

    private func send(_ action: PageAction, _ request: Request, _ context: WebContext) async throws -> Response {
        guard Self.isOfThisService(request.head) else {
            throw HTTPError(.forbidden, message: "a form is sent by a page of this service; programs use /v1")
        }
        let id = try context.parameters.require("id")
        let fields = try await FormBody.fields(of: request, maximumBytes: DecisionRoutes.maximumBodyBytes)
        if let kind = PersonDecision.Kind(known: action.rawValue) {
            _ = try await decisions.decide(
                DecisionDesk.Request(
                    session: id,
                    kind: kind,
                    actor: context.actor,
                    reason: try DecisionRoutes.reason(fields["reason"]),
                    seen: fields["seen"]
                )
            )
        } else {
            _ = try await decisions.keep(
                fields["opinion"] ?? "",
                note: try DecisionRoutes.note(fields["reason"]),
                on: id,
                by: context.actor
            )
        }
        return Response(status: .seeOther, headers: [.location: ReportPage.address(ofSession: id)])
    }

    /// Whether a browser says so. What contradicts it was refused before (`OriginCheck`).
    private static func isOfThisService(_ request: HTTPRequest) -> Bool {
        request.headerFields[.origin] != nil
            || fetchSiteName.flatMap { request.headerFields[$0] } == "same-origin"
    }
}
