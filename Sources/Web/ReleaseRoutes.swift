import Analysis
import Engine
import Foundation
import Hummingbird
import JSON
import Logging
import Store
import Text

/// `POST /v1/releases/reset`: forgets which releases of an application came in when; `GET /v1/releases/resets` says who
/// asked for that. `GET /v1/releases/metrics` has the newest analysis of each release as series for Prometheus.
struct ReleaseRoutes: Sendable {
    private let store: any Store
    private let clock: any EngineClock
    private let logger: Logger
    private let answers = LargeAnswers()

    private static let maximumResets = 200
    private static let maximumReasonBytes = 1024

    init(store: any Store, clock: any EngineClock, logger: Logger) {
        self.store = store
        self.clock = clock
        self.logger = logger
    }

    func add(to group: RouterGroup<WebContext>) {
        group.post("reset") { [self] request, context in try await reset(request, by: context.actor) }
        group.get("resets") { [self] _, _ in try await list() }
        group.get("metrics") { [self] request, _ in try await series(request) }
    }

    private func series(_ request: Request) async throws -> Response {
        let headers: HTTPFields = [.contentType: "text/plain; version=0.0.4; charset=utf-8"]
        return try await answers.response(headers) {
            try await StoreFailure.rendering(.reading) {
                let query = SessionQuery(limit: SessionQuery.maximumLimit)
                let sessions = try await store.sessions(query).compactMap(\.session)
                let resets = try await store.releaseResets(newest: GateLookup.resets)
                let lookup = GateLookup(store: store, clock: clock)
                var series = ReleaseSeries()
                for (_, sessions) in Dictionary(grouping: sessions, by: \.event.release).sorted(by: { $0.key < $1.key })
                {
                    guard let newest = ReleaseGate.newest(of: sessions) else { continue }
                    let version = newest.event.version
                    series.add(
                        try await lookup.gate(
                            of: version,
                            among: sessions,
                            isAnnounced: false,
                            resets: resets,
                            .default
                        )
                    )
                }
                return Array(series.text().utf8)
            }
        }
    }

    private func reset(_ request: Request, by actor: String) async throws -> Response {
        let body = try await JSONBody.object(of: request, maximumBytes: 8192)
        if let unknown = body.members.first(where: { !["application", "environment", "reason"].contains($0.0) }) {
            throw HTTPError(.badRequest, message: "\(unknown.0.excerpt()) is not known here")
        }
        guard let application = try text("application", in: body) else {
            throw HTTPError(.badRequest, message: "application is missing")
        }
        let reset = ReleaseReset(
            application: application,
            environment: try text("environment", in: body),
            at: clock.now(),
            by: actor,
            reason: try text("reason", in: body, maximumBytes: Self.maximumReasonBytes) ?? ""
        )
        let environments = try await store.resetReleases(reset)
        logger.warning(
            "what was known about releases was forgotten",
            metadata: [
                "application": "\(application)", "environment": "\(reset.environment ?? "all")",
                "by": "\(reset.by)", "reason": "\(reset.reason)", "environments": "\(environments)",
            ]
        )
        return JSONBody.response(["outcome": .string("reset"), "environments": .integer(environments)] as JSONObject)
    }

    private func list() async throws -> Response {
        let resets = try await store.releaseResets(newest: Self.maximumResets).map { reset in
            JSONValue.object([
                "application": .string(reset.application),
                "environment": reset.environment.map { .string($0) },
                "at": .string(reset.at.rfc3339),
                "by": .string(reset.by),
                "reason": .string(reset.reason),
            ])
        }
        return JSONBody.response(["resets": .array(resets)] as JSONObject)
    }

    private func text(
        _ name: String,
        in body: JSONObject,
        maximumBytes: Int = DeployEvent.maximumTextBytes
    ) throws -> String? {
        guard let value = body[name], value != .null else { return nil }
        guard let text = value.text, (1...maximumBytes).contains(text.utf8.count),
            !text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
        else {
            throw HTTPError(
                .badRequest,
                message: "\(name) must be a text of 1 to \(maximumBytes) bytes without control characters"
            )
        }
        return text
    }
}
