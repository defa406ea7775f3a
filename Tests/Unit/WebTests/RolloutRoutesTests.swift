import Analysis
import Concurrency
import Engine
import EventFormats
import Foundation
import Hummingbird
import HummingbirdTesting
import JSON
import NIOCore
import Store
import Testing
import Web

/// What a rollout controller needs of the interface.
@Suite struct RolloutRoutesTests {
    private let composer = OutboxComposer(sinks: [.verdicts], encoding: TestWebServer().encoding)

    private func withServer(
        _ body: @Sendable (any TestClientProtocol, SQLiteStore) async throws -> Void
    ) async throws {
        try await TestWebServer().run(body)
    }

    /// Stores a session with its final verdict, as deciding it does.
    private func decide(_ id: String, in store: SQLiteStore) async throws -> Verdict {
        let event = DeployEvent(
            identity: EventIdentity(source: "/ci", id: id),
            application: "shop",
            environment: "production",
            version: "2.0"
        )
        let now = SystemClock().now()
        let (session, verdict) = AnalysisSession.rejected(
            id: id,
            event: event,
            ending: .noPlan("none matches"),
            receivedAt: now,
            openedAt: now,
            at: now
        )
        var change = StoreChange()
        change.opened = [session]
        change.verdicts = [verdict]
        change.messages = try composer.decided(verdict)
        try await store.commit(change)
        return verdict
    }

    private func get(_ client: any TestClientProtocol, _ uri: String) async throws -> JSONObject {
        try await client.execute(uri: uri, method: .get) { response in
            #expect(response.status == .ok, "\(uri)")
            return try JSONParser.parse(Array(response.body.readableBytesView), maximumDepth: 64).object ?? JSONObject()
        }
    }

    private func ids(_ page: JSONObject) -> [String] {
        (page["verdicts"]?.elements ?? []).compactMap { $0.object?["event"]?.object?["id"]?.text }
    }

    @Test func verdictsAreReadFromAPlaceOn() async throws {
        try await withServer { client, store in
            let end = try await get(client, "/v1/verdicts?after=end")
            #expect(ids(end).isEmpty)
            let first = try await decide("s1", in: store)
            let second = try await decide("s2", in: store)
            let start = try #require(end["next"]?.text)
            let page = try await get(client, "/v1/verdicts?after=\(start)&limit=1&wait=30s")
            #expect(ids(page) == [first.id])
            let event = page["verdicts"]?.elements?.first?.object?["event"]?.object
            #expect(event?["type"] == .string("dev.assay.verdict.v1"))
            #expect(event?["source"] == .string("/assay/test"))
            let links = event?["data"]?.object?["links"]?.object
            #expect(links?["report"] == .string("https://assay.test/v1/sessions/s1"))
            let next = try #require(page["next"]?.text)
            let rest = try await get(client, "/v1/verdicts?after=\(next)")
            #expect(ids(rest) == [second.id])
            let last = try #require(rest["next"]?.text)
            #expect(ids(try await get(client, "/v1/verdicts?after=\(last)&wait=1ms")).isEmpty)
            #expect(ids(try await get(client, "/v1/verdicts")) == [first.id, second.id])
        }
    }

    @Test func oneVerdictIsGivenOutAsItWasPublished() async throws {
        try await withServer { client, store in
            let verdict = try await decide("s1", in: store)
            let item = try await get(client, "/v1/verdicts")["verdicts"]?.elements?.first?.object?["event"]
            let one = try await get(client, "/v1/verdicts?id=\(verdict.id.replacing("/", with: "%2F"))")
            #expect(one["event"] == item && item != nil)
            try await client.execute(uri: "/v1/verdicts?id=s2/final", method: .get) {
                #expect($0.status == .notFound)
            }
        }
    }

    @Test(arguments: [
        "after=x", "after=1.2", "limit=0", "limit=201", "wait=31s", "wait=-1s", "wait=x", "page=1", "limit=1&limit=2",
        "id=", "id=a&limit=1", "id=a%20b",
    ])
    func wrongParametersAreRefused(query: String) async throws {
        try await withServer { client, _ in
            try await client.execute(uri: "/v1/verdicts?\(query)", method: .get) {
                #expect($0.status == .badRequest)
                #expect(String(buffer: $0.body).contains(#""error":""#))
            }
        }
    }

    @Test func aReaderKeepsItsPlace() async throws {
        try await withServer { client, _ in
            let uri = "/v1/verdicts/readers/assay-rollout"
            try await client.execute(uri: uri, method: .get) { #expect($0.status == .notFound) }
            for (body, status) in [
                (#"{"place":"1.2.3.4"}"#, HTTPResponse.Status.ok), (#"{"place":"x"}"#, .badRequest),
                ("[]", .badRequest),
            ] {
                try await client.execute(uri: uri, method: .put, body: ByteBuffer(string: body)) {
                    #expect($0.status == status)
                }
            }
            #expect(try await get(client, uri)["place"] == .string("1.2.3.4"))
        }
    }

    private func action(_ verdict: Verdict, _ outcome: RolloutAction.Outcome, at time: Timestamp) -> ByteBuffer {
        let action = RolloutAction(
            verdict: verdict,
            action: .abort,
            outcome: outcome,
            actuator: "argo-rollout",
            reason: "It failed.",
            detail: "No rights.",
            at: time
        )
        return ByteBuffer(
            bytes: CloudEventHTTPBinding.structured(RolloutEvent.encode(action, source: "/assay/rollout/g")).body
        )
    }

    private static let structured: HTTPFields = [.contentType: "application/cloudevents+json"]

    @Test func actionsAreKeptOnceAndShownWithTheirSession() async throws {
        try await withServer { client, store in
            let verdict = try await decide("s1", in: store)
            let body = action(verdict, .failed, at: verdict.decidedAt)
            for (status, outcome) in [(HTTPResponse.Status.created, "stored"), (.ok, "duplicate")] {
                try await client.execute(uri: "/v1/actions", method: .post, headers: Self.structured, body: body) {
                    #expect($0.status == status)
                    #expect(String(buffer: $0.body).contains(outcome))
                }
            }
            let all = try await get(client, "/v1/actions")
            #expect(all["actions"]?.elements?.count == 1)
            #expect(all["next"] == nil)
            let first = try await get(client, "/v1/actions?limit=1")
            let next = try #require(first["next"]?.text)
            #expect(try await get(client, "/v1/actions?after=\(next)")["actions"]?.elements?.isEmpty == true)
            let shown = try await get(client, "/v1/sessions/s1")["actions"]?.elements?.first?.object
            #expect(shown?["action"] == .string("abort"))
            #expect(shown?["outcome"] == .string("failed"))
            #expect(shown?["detail"] == .string("No rights."))
        }
    }

    @Test func whatIsNoActionIsRefused() async throws {
        try await withServer { client, store in
            var stranger = try await decide("s1", in: store)
            stranger.session = "nobody"
            for (body, status) in [
                (ByteBuffer(string: "{}"), HTTPResponse.Status.badRequest), (ByteBuffer(string: "x"), .badRequest),
                (action(stranger, .done, at: stranger.decidedAt), .notFound),
                (ByteBuffer(string: String(repeating: "x", count: 70_000)), .contentTooLarge),
            ] {
                try await client.execute(uri: "/v1/actions", method: .post, headers: Self.structured, body: body) {
                    #expect($0.status == status)
                }
            }
        }
    }

    @Test func aFailedActionIsAskedForAgainOnce() async throws {
        try await withServer { client, store in
            let uri = "/v1/sessions/s1/retry"
            func retry(_ body: String = "") async throws -> HTTPResponse.Status {
                try await client.execute(uri: uri, method: .post, body: ByteBuffer(string: body)) { $0.status }
            }
            #expect(try await retry() == .notFound)
            let verdict = try await decide("s1", in: store)
            #expect(try await retry() == .conflict)
            #expect(try await retry(#"{"failedAt":"yesterday"}"#) == .badRequest)
            let failed = action(verdict, .failed, at: verdict.decidedAt)
            try await client.execute(uri: "/v1/actions", method: .post, headers: Self.structured, body: failed) { _ in }
            let place = try #require(try await get(client, "/v1/verdicts?after=end")["next"]?.text)
            for _ in 0..<2 { #expect(try await retry() == .accepted) }
            #expect(try await retry(#"{"failedAt":"\#(verdict.decidedAt.rfc3339)"}"#) == .accepted)
            let again = try await get(client, "/v1/verdicts?after=\(place)")
            #expect(ids(again) == [verdict.id])
            let event = again["verdicts"]?.elements?.first?.object?["event"]?.object
            #expect(event?["assayretry"] == .string(verdict.decidedAt.rfc3339))
            let done = action(verdict, .done, at: verdict.decidedAt + .seconds(1))
            try await client.execute(uri: "/v1/actions", method: .post, headers: Self.structured, body: done) { _ in }
            #expect(try await retry() == .conflict)
        }
    }

    @Test func oneProcessAtATimeReadsAsOneName() async throws {
        try await withServer { client, _ in
            func lease(_ body: String) async throws -> (HTTPResponse.Status, String) {
                try await client.execute(
                    uri: "/v1/verdicts/readers/assay%2Drollout/lease",
                    method: .put,
                    body: ByteBuffer(string: body)
                ) { ($0.status, String(buffer: $0.body)) }
            }
            #expect(try await lease(#"{"holder":"a","seconds":60}"#).0 == .ok)
            #expect(try await lease(#"{"holder":"a","seconds":60}"#).1.contains(#""holder":"a""#))
            let refused = try await lease(#"{"holder":"b","seconds":60}"#)
            #expect(
                refused.0 == .conflict && refused.1.contains("a reads verdicts as assay-rollout until "),
                "\(refused)"
            )
            #expect(try await lease(#"{"holder":"b","seconds":0}"#).0 == .ok)
            #expect(try await lease(#"{"holder":"b","seconds":60}"#).0 == .conflict)
            #expect(try await lease(#"{"holder":"a","seconds":0}"#).0 == .ok)
            #expect(try await lease(#"{"holder":"b","seconds":60}"#).0 == .ok)
            for body in [
                "{}", #"{"holder":"b"}"#, #"{"holder":"","seconds":1}"#, #"{"holder":"x y","seconds":1}"#,
                #"{"holder":"b","seconds":-1}"#, #"{"holder":"b","seconds":1.5}"#, #"{"holder":"b","seconds":3601}"#,
                #"{"holder":"b","seconds":1e300}"#, "[]",
            ] {
                #expect(try await lease(body).0 == .badRequest, "\(body)")
            }
        }
    }
}
