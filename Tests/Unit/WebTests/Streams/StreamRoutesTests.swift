import Analysis
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Store
import Synchronization
import Telemetry
import Testing

@testable import Web

@Suite("Streams of events", .timeLimit(.minutes(5))) struct StreamRoutesTests {
    private func opened(_ id: String) -> StoreChange {
        let now = SystemClock().now()
        let (session, _) = AnalysisSession.rejected(
            id: id,
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: id),
                application: "shop",
                environment: "production",
                version: "2.0"
            ),
            ending: .noPlan("a reason of its own"),
            receivedAt: now,
            at: now
        )
        var change = StoreChange()
        change.opened = [session]
        change.transitions = SessionTransition.between(nil, session, verdicts: [], at: now, replica: "another")
        return change
    }

    private final class Texts: Sendable {
        let all = Mutex<[String: String]>([:])
    }

    private func events(_ text: String) -> [String] {
        text.split(separator: "\n").filter { $0.hasPrefix("event: ") }.map { String($0.dropFirst(7)) }
    }

    @Test("What another process writes is told, of one analysis and of all")
    func live() async throws {
        let clock = ManualClock(SystemClock().now())
        let server = TestWebServer(clock: clock)
        try await server.run { client, store in
            try await store.commit(opened("s-1"))
            let texts = Texts()
            await withTaskGroup(of: Void.self) { group in
                for path in [
                    "/v1/stream?wait=60s", "/stream?session=s-1&wait=60s", "/v1/stream?application=x&wait=60s",
                ] {
                    group.addTask {
                        let text = try? await client.execute(uri: path, method: .get) { response in
                            #expect(response.headers[.contentType] == "text/event-stream")
                            return String(buffer: response.body)
                        }
                        texts.all.withLock { $0[path] = text ?? "nothing" }
                    }
                }
                while !server.registry.render().contains("assay_http_streams 3\n") { await Task.yield() }
                _ = try? await store.commit(opened("s-2"))
                group.addTask {
                    while texts.all.withLock({ $0.count }) < 3 {
                        clock.advance(by: .seconds(1))
                        // Lets others have the thread: the watch has to read the store.
                        _ = try? await store.endOfChanges()
                    }
                }
            }
            let found = texts.all.withLock { $0 }
            #expect(events(found["/v1/stream?wait=60s"] ?? "") == ["transition", "transition"], "\(found)")
            #expect(found["/v1/stream?wait=60s"]?.contains("\"session\":\"s-2\"") == true)
            #expect(events(found["/stream?session=s-1&wait=60s"] ?? "x").isEmpty)
            #expect(found["/stream?session=s-1&wait=60s"]?.contains(":\n\n") == true)
            #expect(events(found["/v1/stream?application=x&wait=60s"] ?? "x").isEmpty)
        }
        #expect(server.registry.render().contains("assay_http_streams 0\n"))
    }

    @Test("A reader that comes again gets what it has missed, and once more is no harm")
    func resumed() async throws {
        try await TestWebServer().run { client, store in
            func stream(_ query: String, lastEvent: String? = nil) async throws -> String {
                var headers: HTTPFields = [:]
                if let name = HTTPField.Name("Last-Event-ID") { headers[name] = lastEvent }
                return try await client.execute(uri: "/v1/stream?wait=0s&\(query)", method: .get, headers: headers) {
                    #expect($0.status == .ok)
                    return String(buffer: $0.body)
                }
            }
            func place(_ text: String) throws -> String {
                try #require(text.split(separator: "\n").last { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) })
            }
            let start = try place(try await stream(""))
            try await store.commit(opened("s-1"))
            try await store.commit(opened("s-2"))
            let all = try await stream("", lastEvent: start)
            #expect(events(all) == ["transition", "transition", "transition", "transition"], "\(all)")
            #expect(events(try await stream("session=s-2&after=\(start)")) == ["transition", "transition"])
            for number in 3..<60 { try await store.commit(opened("s-\(number)")) }
            #expect(events(try await stream("after=\(start)")) == ["reset"])
            #expect(events(try await stream("session=s-2&after=\(start)")) == ["transition", "transition"])
            #expect(events(try await stream("")).isEmpty)
            try await client.execute(uri: "/v1/stream?session=none", method: .get) { #expect($0.status == .notFound) }
            try await client.execute(uri: "/v1/stream?limit=1", method: .get) { #expect($0.status == .badRequest) }
            try await client.execute(uri: "/v1/stream", method: .head) { #expect($0.status == .ok) }
            try await client.execute(uri: "/v1/stream", method: .post) { #expect($0.status == .methodNotAllowed) }
        }
    }

    @Test("As many are open as may be; the next is told so, and counted")
    func limit() async throws {
        let server = TestWebServer(streams: 0)
        try await server.run { client, _ in
            try await client.execute(uri: "/v1/stream", method: .get) { response in
                #expect(response.status == .serviceUnavailable && response.headers[.retryAfter] == "30")
            }
        }
        #expect(server.registry.render().contains(#"assay_http_dropped_streams_total{reason="full"} 1"#))
    }

    @Test("Streams are for those who may read", arguments: [PublicReads.none, .summary, .all])
    func access(publicReads: PublicReads) async throws {
        let access = WebAccess(tokens: { ["write"] }, readTokens: { ["read"] }, publicReads: publicReads)
        try await TestWebServer(access: access).run { client, store in
            try await store.commit(opened("s-1"))
            for path in ["/v1/stream", "/stream"] {
                var statuses: [Int] = []
                var texts: [String] = []
                for token in ["write", "read", "wrong", nil] {
                    var headers: HTTPFields = [:]
                    headers[.authorization] = token.map { "Bearer \($0)" }
                    try await client.execute(uri: "\(path)?wait=0s&after=0.0", method: .get, headers: headers) {
                        statuses.append($0.status.code)
                        texts.append(String(buffer: $0.body))
                    }
                }
                #expect(statuses == [200, 200, 401, publicReads == .none ? 401 : 200])
                #expect(texts[1].contains("a reason of its own"))
                #expect(texts[3].contains("a reason of its own") == (publicReads == .all))
            }
        }
    }
}
