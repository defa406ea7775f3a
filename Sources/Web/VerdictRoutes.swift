import Analysis
import Engine
import Foundation
import Hummingbird
import JSON
import NIOCore
import Store
import Text

/// `GET /v1/verdicts`: verdicts in order, waited for; and the places where their readers left off.
struct VerdictRoutes: Sendable {
    private let feed: VerdictFeed
    private let store: any Store
    private let clock: any EngineClock

    static let maximumLimit = 200
    static let maximumWait = Duration.seconds(30)
    /// After this much an answer ends, though more is there: a verdict can have a quarter of a megabyte.
    static let maximumBytes = 4 << 20
    /// How often the store is asked while a caller waits.
    private static let pause = Duration.milliseconds(500)

    init(feed: VerdictFeed, store: any Store, clock: any EngineClock) {
        self.feed = feed
        self.store = store
        self.clock = clock
    }

    func add(to group: RouterGroup<WebContext>) {
        group.get { [self] request, _ in try await list(request) }
        group.get("readers/:name") { [self] _, context in try await place(context.parameters.require("name")) }
        group.put("readers/:name") { [self] request, context in
            try await keep(request, reader: context.parameters.require("name"))
        }
        group.put("readers/:name/lease") { [self] request, context in
            try await lease(request, reader: context.parameters.require("name"))
        }
    }

    // MARK: - Verdicts

    private func list(_ request: Request) async throws -> Response {
        let query = try VerdictFeedQuery(
            request.uri.queryParameters.map { (name: String($0.key), value: String($0.value)) }
        )
        if let id = query.id { return try await one(id) }
        let start: OutboxCursor
        switch query.after {
        case .place(let place): start = place
        case .end: return answer([], next: try await feed.end())
        }
        let until = clock.now() + query.wait
        var items = try await feed.items(after: start, limit: query.limit, maximumBytes: Self.maximumBytes)
        while items.isEmpty, clock.now() < until {
            try await clock.sleep(until: min(until, clock.now() + Self.pause))
            items = try await feed.items(after: start, limit: query.limit, maximumBytes: Self.maximumBytes)
        }
        return answer(items, next: start)
    }

    private func one(_ id: String) async throws -> Response {
        let found = try await StoreFailure.rendering(.reading) { try await feed.event(ofVerdict: id) }
        switch found {
        case nil: throw HTTPError(.notFound, message: "the event of the verdict \(id.excerpt()) is not kept")
        case .success(let event): return JSONBody.response(JSONObject().jsonBytes(adding: "event", json: event))
        case .failure(let problem): throw HTTPError(.internalServerError, message: problem.reason)
        }
    }

    /// `next` goes with no items; otherwise the place behind the last one that fits does.
    private func answer(_ items: [VerdictFeed.Item], next: OutboxCursor) -> Response {
        var next = next
        var bytes = 0
        var shown: [[UInt8]] = []
        for item in items {
            let place: JSONObject = ["place": .string(item.place.description)]
            let object =
                switch item.content {
                case .success(let event): place.jsonBytes(adding: "event", json: event)
                case .failure(let problem): Self.problem(problem, at: place)
                }
            bytes += object.count
            guard shown.isEmpty || bytes <= Self.maximumBytes else { break }
            shown.append(object)
            next = item.place
        }
        let verdicts = [UInt8(ascii: "[")] + shown.joined(separator: [UInt8(ascii: ",")]) + [UInt8(ascii: "]")]
        let answer: JSONObject = ["next": .string(next.description)]
        return JSONBody.response(answer.jsonBytes(adding: "verdicts", json: verdicts))
    }

    private static func problem(_ problem: VerdictFeed.Unreadable, at place: JSONObject) -> [UInt8] {
        var object = place
        object["message"] = .string(problem.message)
        object["problem"] = .string(problem.reason)
        return JSONValue.object(object).jsonBytes
    }

    // MARK: - Places

    private func place(_ reader: String) async throws -> Response {
        guard let place = try await store.place(of: try Self.checked(reader)) else {
            throw HTTPError(.notFound, message: "the reader \(reader.excerpt()) has stored no place")
        }
        return JSONBody.response(["place": .string(place.description)] as JSONObject)
    }

    private func keep(_ request: Request, reader: String) async throws -> Response {
        let reader = try Self.checked(reader)
        let body = try await JSONBody.object(of: request, maximumBytes: 4096)
        guard let place = body["place"]?.text.flatMap({ OutboxCursor($0) }) else {
            throw HTTPError(.badRequest, message: "place must be one that GET /v1/verdicts gave")
        }
        try await store.setPlace(place, of: reader)
        return JSONBody.response(["place": .string(place.description)] as JSONObject)
    }

    /// Gives the name to one process for some seconds, or to none with 0: 409 while another process has it.
    private func lease(_ request: Request, reader: String) async throws -> Response {
        let reader = try Self.checked(reader)
        let body = try await JSONBody.object(of: request, maximumBytes: 4096)
        guard let holder = body["holder"]?.text, (1...Self.maximumHolderBytes).contains(holder.utf8.count),
            holder.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw HTTPError(
                .badRequest,
                message: "holder must have 1 to \(Self.maximumHolderBytes) printable characters without blanks"
            )
        }
        guard let seconds = body["seconds"]?.integer, (0...Self.longestLease).contains(seconds) else {
            throw HTTPError(.badRequest, message: "seconds must be a whole number from 0 to \(Self.longestLease)")
        }
        let now = clock.now()
        let held: ReaderLease
        if seconds == 0 {
            try await StoreFailure.rendering(.takingIn) { try await store.releaseReader(reader, holder: holder) }
            held = ReaderLease(reader: reader, holder: holder, until: now)
        } else {
            let wanted = ReaderLease(reader: reader, holder: holder, until: now + .seconds(seconds))
            held = try await StoreFailure.rendering(.takingIn) { try await store.leaseReader(wanted, at: now) }
        }
        guard held.holder == holder else {
            throw HTTPError(
                .conflict,
                message: "\(held.holder) reads verdicts as \(reader.excerpt()) until \(held.until)"
            )
        }
        return JSONBody.response(
            ["holder": .string(holder), "until": .string(held.until.rfc3339)] as JSONObject
        )
    }

    private static let maximumHolderBytes = 256
    private static let longestLease: Int64 = 3600

    private static func checked(_ reader: String) throws -> String {
        let name = reader.removingPercentEncoding ?? reader
        guard (1...DeployEvent.maximumTextBytes).contains(name.utf8.count),
            !name.holdsUnprintable
        else {
            throw HTTPError(
                .badRequest,
                message: "the name of a reader has 1 to \(DeployEvent.maximumTextBytes) bytes and no control characters"
            )
        }
        return name
    }
}
