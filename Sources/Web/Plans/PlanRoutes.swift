import Analysis
import Engine
import EventFormats
import Foundation
import Hummingbird
import JSON
import PlanFormats
import Text

/// `GET /v1/plans`, `GET /v1/plans/{name}`, `POST /v1/plans/validate` and `POST /v1/plans/try`.
struct PlanRoutes: Sendable {
    private let services: PlanServices
    private let clock: any EngineClock
    private let answers = LargeAnswers()
    private let checks = FewAtATime(2, "plans are being checked, and no more than that are at a time", retryAfter: 2)
    private let trials = FewAtATime(1, "plan is being tried, and no more than one is at a time", retryAfter: 10)

    /// A trial that takes longer is given up: its caller would not wait for it.
    private static let longestTrial = Duration.seconds(45)

    init(_ services: PlanServices, clock: any EngineClock) {
        self.services = services
        self.clock = clock
    }

    func add(to group: RouterGroup<WebContext>) {
        group.get { [self] request, _ in
            try await answers.response(unless: request.headers[.ifNoneMatch]) {
                [UInt8](try DomainJSON.encode(PlanListing(services.catalog.shelf)))
            }
        }
        group.get(":name") { [self] request, context in
            try await show(context.parameters.require("name"), request)
        }
        group.post("validate") { [self] request, _ in try await validate(request) }
        group.post("try") { [self] request, _ in try await tryOut(request) }
    }

    private func show(_ given: String, _ request: Request) async throws -> Response {
        let name = given.removingPercentEncoding ?? given
        return try await answers.response(unless: request.headers[.ifNoneMatch]) {
            let shelf = services.catalog.shelf
            guard let document = shelf.directory.plans.first(where: { $0.plan.name == name }) else {
                throw HTTPError(.notFound, message: "there is no plan \(name.excerpt())")
            }
            return [UInt8](try DomainJSON.encode(ShownPlan(document, loadedAt: shelf.loadedAt)))
        }
    }

    // MARK: - A text

    private func validate(_ request: Request) async throws -> Response {
        let bytes = try await JSONBody.bytes(of: request, maximumBytes: WebServer.maximumBodyBytes)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw HTTPError(.badRequest, message: "the body is no text in UTF-8")
        }
        guard !text.isEmpty else { throw HTTPError(.badRequest, message: "the body is empty: it has no plan") }
        return try await checks.run {
            try JSONBody.response(PlanCheck(await services.inlinePlans.documents(of: text)))
        }
    }

    // MARK: - A trial

    private func tryOut(_ request: Request) async throws -> Response {
        let bytes = try await JSONBody.bytes(of: request, maximumBytes: WebServer.maximumBodyBytes)
        let asked: PlanTrialRequest
        do throws(PastWindowError) { asked = try PlanTrialRequest(bytes) } catch {
            throw HTTPError(.badRequest, message: error.description)
        }
        return try await trials.run {
            let plan = try await plan(asked)
            guard plan.metrics.count <= PlanTrialRequest.mostMetrics else {
                throw HTTPError(
                    .badRequest,
                    message:
                        "the plan has \(plan.metrics.count) metrics; at most \(PlanTrialRequest.mostMetrics) are tried here:"
                        + " assay validate --live tries all"
                )
            }
            let tried = try await trial(of: plan, for: asked.release(of: plan))
            if let outage = tried.outage {
                throw HTTPError(
                    .serviceUnavailable,
                    headers: [.retryAfter: "30"],
                    message: "the metrics back end gives no answer: \(outage)"
                )
            }
            return try JSONBody.response(tried)
        }
    }

    private func plan(_ asked: PlanTrialRequest) async throws -> AnalysisPlan {
        switch asked.plan {
        case .text(let text):
            do throws(PlanUnavailable) { return try await services.inlinePlans.readForTrial(text) } catch {
                throw HTTPError(.badRequest, message: error.reason)
            }
        case .name(let name):
            let plans = services.catalog.shelf.directory.plans
            guard let found = plans.first(where: { $0.plan.name == name }) else {
                throw HTTPError(.badRequest, message: "planName: there is no plan \(name.excerpt())")
            }
            return found.plan
        }
    }

    private func trial(of plan: AnalysisPlan, for release: LiveRelease) async throws -> TriedPlan {
        try await withThrowingTaskGroup(of: TriedPlan?.self) { group in
            group.addTask { try await services.trial(plan, release) }
            group.addTask {
                try await clock.sleep(until: clock.now() + Self.longestTrial)
                return nil
            }
            defer { group.cancelAll() }
            guard let tried = try await group.next() ?? nil else {
                throw HTTPError(
                    .serviceUnavailable,
                    headers: [.retryAfter: "30"],
                    message: "the metrics back end has not answered all queries in \(Self.longestTrial.compactText)"
                )
            }
            return tried
        }
    }
}
