import Analysis
import Concurrency
import Engine
import EventFormats
import Foundation
import Hummingbird
import NIOCore
import Store
import Telemetry
import Text

/// `POST /v1/events`: CloudEvents over HTTP into the same inbox as those from Kafka.
struct EventRoutes: Sendable {
    private let dependencies: WebDependencies

    init(_ dependencies: WebDependencies) {
        self.dependencies = dependencies
    }

    /// What became of an event.
    struct Receipt: Codable, Sendable {
        /// `accepted`, `duplicate` or `ignored`.
        var outcome: String
        /// The session that the event opens, or opened the first time.
        var session: String?
        var message: String?
    }

    func add(to group: RouterGroup<BasicRequestContext>) {
        group.post { [self] request, _ in try await take(request) }
    }

    private func take(_ request: Request) async throws -> Response {
        let headers = request.headers.map { EventHeader(name: $0.name.rawName, value: Array($0.value.utf8)) }
        let body: ByteBuffer
        do {
            body = try await request.body.collect(upTo: WebServer.maximumBodyBytes)
        } catch is NIOTooManyBytesError {
            dependencies.engineMetrics.eventsReceived.add(1, "http", "malformed")
            throw HTTPError(
                .contentTooLarge,
                message: "the event is larger than \(WebServer.maximumBodyBytes) bytes; send links instead of contents"
            )
        }
        switch dependencies.intake.readHTTP(headers: headers, body: Array(body.readableBytesView)) {
        case .malformed(_, let message):
            dependencies.engineMetrics.eventsReceived.add(1, "http", "malformed")
            throw HTTPError(.badRequest, message: message)
        case .unknownType(let type):
            dependencies.engineMetrics.eventsReceived.add(1, "http", "unknown_type")
            return try JSONBody.response(
                Receipt(outcome: "ignored", session: nil, message: "events of type \(type.excerpt(200)) are not used"),
                status: .accepted
            )
        case .deploy(let event):
            if let reason = dependencies.valve.closed {
                throw HTTPError(.serviceUnavailable, message: "\(reason); send the event again later")
            }
            let received = ReceivedEvent(event: event, receivedAt: dependencies.clock.now())
            let outcomes = try await dependencies.store.receive([received])
            let isNew = outcomes.first == .accepted
            dependencies.engineMetrics.eventsReceived.add(1, "http", isNew ? "accepted" : "duplicate")
            dependencies.work.signal()
            return try JSONBody.response(
                Receipt(outcome: isNew ? "accepted" : "duplicate", session: SessionID.make(for: event.identity)),
                status: isNew ? .accepted : .ok
            )
        }
    }
}
