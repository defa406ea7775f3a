import Engine
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import Store

private let lastEventName = HTTPField.Name("Last-Event-ID")
/// Told to nginx, which keeps what it is sent together otherwise.
private let bufferingName = HTTPField.Name("X-Accel-Buffering")

/// `GET /v1/stream`: what happens to analyses, as server-sent events. Pages ask for `/stream`, whose challenge for a token a
/// browser can answer.
struct StreamRoutes: Sendable {
    static let contentType = "text/event-stream"
    /// What happened since the place of a reader, up to so much; after more it asks for everything anew.
    private static let maximumMissed = 100

    let store: any Store
    let watch: ChangeWatch
    /// Nil where every caller may read everything.
    let access: WebAccess?

    func add(to group: some RouterMethods<WebContext>) {
        group.get("stream") { [self] request, context in try await stream(request, context) }
    }

    private func stream(_ request: Request, _ context: WebContext) async throws -> Response {
        var query: StreamQuery
        do throws(SessionParameterError) {
            query = try StreamQuery(
                request.uri.queryParameters.map { (name: String($0.key), value: String($0.value)) },
                lastEvent: lastEventName.flatMap { request.headers[$0] }
            )
        } catch {
            throw HTTPError(.badRequest, message: error.description)
        }
        query.changes.isSummary = access?.showsOnlySummary(request, to: context.caller) ?? false
        let (reader, first) = try await StoreFailure.rendering(.reading) { [query] in try await follow(query) }
        context.closed.whenComplete { _ in reader.end() }
        var headers: HTTPFields = [.contentType: Self.contentType, .cacheControl: "no-store"]
        if let bufferingName { headers[bufferingName] = "no" }
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody { [query] writer in
                try await writer.write(ByteBuffer(string: first))
                try await withGracefulShutdownHandler {
                    if query.wait == .zero { reader.end() }
                    for await chunk in reader.chunks { try await writer.write(chunk) }
                } onGracefulShutdown: {
                    reader.end()
                }
                try await writer.finish(nil)
            }
        )
    }

    /// The reader, and what it is sent first. It follows before the store is read: what is written between is told twice, and
    /// not left out.
    private func follow(_ query: StreamQuery) async throws -> (ChangeReader, String) {
        if let id = query.changes.session, try await store.listedSession(id: id) == nil {
            throw SessionRoutes.notFound(id)
        }
        let reader: ChangeReader
        do { reader = try await watch.follow(query.changes, for: query.wait) } catch is StreamLimit {
            throw HTTPError(
                .serviceUnavailable,
                headers: [.retryAfter: "30"],
                message: "as many streams are open as may be; ask again later, or for the analyses themselves"
            )
        }
        var text = StreamText.retry(milliseconds: .random(in: 1000...4000))
        if let after = query.after {
            let missed = try await store.changes(
                after: after,
                ofSession: query.changes.session,
                limit: Self.maximumMissed + 1
            )
            if missed.count > Self.maximumMissed {
                text += StreamText.reset
            } else {
                for change in missed where query.changes.cover(change) {
                    text += StreamText.event(change, at: nil, isSummary: query.changes.isSummary)
                }
            }
        }
        return (reader, text + StreamText.place(reader.place))
    }
}
