import Analysis
import Concurrency
import Engine
import EventFormats
import Foundation
import HTTPTypes
import Hummingbird
import Store
import Telemetry
import Text

/// `POST /v1/events`: CloudEvents over HTTP into the same inbox as those from Kafka.
struct EventRoutes: Sendable {
    private let dependencies: WebDependencies
    private let underWay = EventsUnderWay()

    init(_ dependencies: WebDependencies) {
        self.dependencies = dependencies
    }

    var store: any Store { dependencies.store }

    /// What became of an event.
    struct Receipt: Codable, Sendable {
        /// `accepted`, `duplicate` or `ignored`.
        var outcome: String
        /// The session that the event opens, or opened the first time.
        var session: String?
        var message: String?
    }

    func add(to group: RouterGroup<WebContext>) {
        group.post { [self] request, _ in try await receive(request) }
        group.get { [self] request, _ in try await show(request) }
    }

    /// - Parameters:
    ///   - hook: whose message it is; nil for a CloudEvent.
    ///   - check: throws for a body that is not to be read.
    func receive(
        _ request: Request,
        hook: HookFormat? = nil,
        admitting check: ([UInt8]) async throws -> Void = { _ in }
    ) async throws -> Response {
        let headers = request.headers.map { EventHeader(name: $0.name.rawName, value: Array($0.value.utf8)) }
        let body: [UInt8]
        do {
            body = try await RequestBytes.read(request, maximumBytes: WebServer.maximumBodyBytes)
        } catch is RequestBytes.TooMany {
            dependencies.intake.recordOversize(door: .http)
            throw HTTPError(
                .contentTooLarge,
                headers: RequestBytes.closing,
                message: "the event is larger than \(WebServer.maximumBodyBytes) bytes; send links instead of contents"
            )
        }
        try await check(body)
        guard underWay.enter() else {
            let reason = "\(EventsUnderWay.most) events are being read"
            throw HTTPError(.serviceUnavailable, headers: [.retryAfter: "5"], message: reason)
        }
        defer { underWay.leave() }
        let envelope = Envelope(
            door: .http,
            hook: hook,
            headers: headers,
            body: body,
            receivedAt: dependencies.clock.now()
        )
        let outcomes: [IntakeOutcome]
        do {
            outcomes = try await StoreFailure.rendering(.takingIn) { try await dependencies.intake.receive([envelope]) }
        } catch let closed as IntakeClosed {
            throw HTTPError(.serviceUnavailable, headers: [.retryAfter: "5"], message: closed.description)
        }
        return try Self.answer(outcomes[0])
    }

    private static func answer(_ outcome: IntakeOutcome) throws -> Response {
        switch outcome {
        case .accepted(let session):
            return try JSONBody.response(Receipt(outcome: "accepted", session: session), status: .accepted)
        case .duplicate(let session):
            return try JSONBody.response(Receipt(outcome: "duplicate", session: session), status: .ok)
        case .ignored(let reason):
            return try JSONBody.response(Receipt(outcome: "ignored", message: reason), status: .accepted)
        case .refused(let refusal):
            // An analysis has to end before there is room.
            let headers: HTTPFields = refusal.reason == IntakeRefusal.sourceFull ? [.retryAfter: "30"] : [:]
            throw HTTPError(status(of: refusal), headers: headers, message: refusal.message)
        }
    }

    private static func status(of refusal: IntakeRefusal) -> HTTPResponse.Status {
        switch refusal.reason {
        case IntakeRefusal.idOfAnotherEvent: .conflict
        case IntakeRefusal.sourceFull: .tooManyRequests
        case CloudEventError.Code.tooLarge.rawValue: .contentTooLarge
        default: .badRequest
        }
    }
}
