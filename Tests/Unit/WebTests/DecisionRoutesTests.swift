import Engine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Judging
import NIOCore
import PlanFormats
import Store
import Testing

@testable import Analysis
@testable import Web

/// What people decide about analyses over HTTP.
@Suite(.timeLimit(.minutes(5))) struct DecisionRoutesTests {
    private struct Answer: Sendable {
        var status: Int
        var body: JSONObject

        subscript(_ name: String) -> String { body[name]?.text ?? "" }
    }

    private static let token = "token-of-alice-with-a-name"
    private static let access = WebAccess(
        tokens: { ["the-writer-of-everything"] },
        namedTokens: {
            [
                AccessToken(
                    name: "alice",
                    roles: [.read, .approve],
                    hashes: [AccessToken.hash(Array(Self.token.utf8))]
                )
            ]
        }
    )

    private static func session(
        _ id: String,
        version: String = "2.0",
        opened: Timestamp,
        result: JudgementResult? = nil
    ) -> AnalysisSession {
        var session = AnalysisSession(
            id: id,
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: id),
                application: "shop",
                environment: "production",
                version: version
            ),
            plan: AnalysisPlan(
                name: "shop",
                schedule: AnalysisSchedule(interval: .seconds(60), lifetime: .seconds(600)),
                metrics: [PlannedMetric(name: "errors", query: "e{${scope}}")]
            ),
            receivedAt: opened
        )
        guard let result else { return session }
        _ = session.handle(.cancelled(reason: "made for the test"), at: opened + .seconds(30))
        session.finalVerdict?.status = .completed
        session.finalVerdict?.result = result
        session.finalVerdict?.cause = nil
        session.finalVerdict?.reason = "as it was found"
        return session
    }

    private func withServer(
        _ sessions: (String, JudgementResult?)...,
        body: @Sendable (any TestClientProtocol, SQLiteStore) async throws -> Void
    ) async throws {
        let start = SystemClock().now() - .seconds(300)
        var change = StoreChange()
        for (index, (id, result)) in sessions.enumerated() {
            let session = Self.session(
                id,
                version: "2.\(index)",
                opened: start + .seconds(60 * index),
                result: result
            )
            change.opened.append(session)
            if let verdict = session.finalVerdict { change.verdicts.append(verdict) }
        }
        let first = change
        try await TestWebServer(access: Self.access).run { client, store in
            try await store.commit(first)
            try await body(client, store)
        }
    }

    private func post(
        _ client: any TestClientProtocol,
        _ path: String,
        _ body: String = #"{"reason":"it is known"}"#,
        token: String = Self.token,
        key: String? = nil
    ) async throws -> Answer {
        var headers: HTTPFields = [.authorization: "Bearer \(token)"]
        if let key, let name = HTTPField.Name("Idempotency-Key") { headers[name] = key }
        return try await client.execute(
            uri: "/v1/sessions/\(path)",
            method: .post,
            headers: headers,
            body: ByteBuffer(string: body)
        ) { response in
            let json = try? JSONParser.parse(Array(response.body.readableBytesView), maximumDepth: 16).object
            return Answer(status: Int(response.status.code), body: json ?? JSONObject())
        }
    }

    private func get(_ client: any TestClientProtocol, _ uri: String) async throws -> JSONObject {
        try await client.execute(uri: uri, method: .get, headers: [.authorization: "Bearer \(Self.token)"]) {
            try JSONParser.parse(Array($0.body.readableBytesView), maximumDepth: 64).object ?? JSONObject()
        }
    }

    /// The verdicts that readers get.
    private func published(_ client: any TestClientProtocol) async throws -> [JSONObject] {
        let page = try await get(client, "/v1/verdicts")
        return page["verdicts"]?.elements?.compactMap { $0.object?["event"]?.object } ?? []
    }

    @Test("A cancelled analysis has one verdict, that says who cancelled it and why")
    func cancel() async throws {
        try await withServer(("s", nil)) { client, store in
            let answer = try await post(client, "s/cancel")
            #expect(answer.status == 200 && answer["outcome"] == "decided" && answer["verdict"] == "s/final")
            #expect(answer["status"] == "cancelled" && answer["result"] == "inconclusive")
            let again = try await post(client, "s/cancel", #"{"reason":"once more"}"#)
            #expect(again.status == 200 && again["outcome"] == "unchanged" && again["verdict"] == "s/final")
            let events = try await published(client)
            #expect(events.count == 1)
            let data = events.first?["data"]?.object
            #expect(data?["reason"]?.text == "cancelled: by alice: it is known" && data?["cause"]?.text == "cancelled")
            let decision = data?["decision"]?.object
            #expect(decision?["kind"]?.text == "cancel" && decision?["by"]?.text == "alice")
            let stored = try await store.session(id: "s")?.session
            #expect(stored?.phase == .finished)
            let due = try await store.nextWake()
            #expect(due == nil)
            let gate = try await get(client, "/v1/gate/shop/production/2.0")
            #expect(gate["gates"]?.object?["promote"] == .bool(false))
            let shown = try await get(client, "/v1/sessions/s")
            #expect(shown["session"]?.object?["decision"]?.object?["reason"]?.text == "it is known")
            let trail = try await get(client, "/v1/sessions/s/report")["trail"]?.elements?.compactMap(\.object) ?? []
            #expect(trail.contains { $0["what"]?.text == "cancel" && $0["who"]?.text == "alice" })
        }
    }

    @Test("Approved after it failed, an analysis has a second verdict, by which gates and readers go")
    func approve() async throws {
        try await withServer(("s", .fail)) { client, store in
            func gate() async throws -> JSONValue? {
                try await get(client, "/v1/gate/shop/production/2.0")["gates"]?.object?["promote"]
            }
            #expect(try await gate() == .bool(false))
            let answer = try await post(client, "s/approve", key: "k1")
            #expect(answer.status == 200 && answer["verdict"] == "s/decision/1" && answer["result"] == "pass")
            #expect(try await gate() == .bool(true))
            // The same request again, and the same decision by another.
            let again = try await post(client, "s/approve", key: "k1")
            #expect(again["outcome"] == "unchanged" && again["verdict"] == "s/decision/1")
            let other = try await post(client, "s/approve", token: "the-writer-of-everything")
            #expect(other["outcome"] == "unchanged")
            // Against a person's decision nothing is decided by chance.
            let contrary = try await post(client, "s/abort", token: "the-writer-of-everything")
            #expect(contrary.status == 409 && contrary["detail"].contains("alice decided otherwise"))
            let stale = try await post(client, "s/abort", #"{"reason":"no","seen":"s/final"}"#)
            #expect(stale.status == 409 && stale["detail"].contains("s/decision/1 now"))
            let aborted = try await post(client, "s/abort", #"{"reason":"no","seen":"s/decision/1"}"#)
            #expect(aborted["verdict"] == "s/decision/2" && aborted["result"] == "fail")
            #expect(try await gate() == .bool(false))
            let late = try await post(client, "s/approve", key: "k1")
            #expect(late["outcome"] == "unchanged" && late["verdict"] == "s/decision/1")
            #expect(try await gate() == .bool(false))
            let ids = try await published(client).compactMap { $0["id"]?.text }
            #expect(ids == ["s/decision/1", "s/decision/2"])
            let verdicts = try await store.verdicts(ofSession: "s").map(\.id)
            #expect(verdicts == ["s/final", "s/decision/1", "s/decision/2"])
        }
    }

    @Test("Of two people who decide otherwise at once one is told of the other")
    func race() async throws {
        for round in 0..<8 {
            try await withServer(("s", round % 2 == 0 ? nil : .marginal)) { client, store in
                let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                    for kind in ["approve", "abort"] {
                        group.addTask { try await self.post(client, "s/\(kind)") }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(answers.map(\.status).sorted() == [200, 409])
                let won = answers.first { $0.status == 200 }
                let events = try await published(client)
                #expect(events.compactMap { $0["id"]?.text } == [won?["verdict"]])
                let final = try await store.session(id: "s")?.session.finalVerdict
                #expect(final?.result.rawValue == won?["result"])
            }
        }
    }

    @Test("An evaluation that was under way loses against a person")
    func fence() async throws {
        try await withServer(("s", nil)) { client, store in
            let now = SystemClock().now() + .seconds(3600)
            let claim = LeaseClaim(owner: "engine", now: now, until: now + .seconds(30))
            let claimed = try #require(try await store.claimDueSessions(claim, limit: 1).first)
            let answer = try await post(client, "s/abort")
            #expect(answer["result"] == "fail")
            var change = StoreChange()
            change.written = [claimed]
            let error = await #expect(throws: StoreError.self) { try await store.commit(change) }
            #expect(error?.code == .conflict)
        }
    }

    @Test("Nothing is decided about a version that was replaced or taken back")
    func replaced() async throws {
        try await withServer(("old", .fail), ("new", nil)) { client, store in
            let answer = try await post(client, "old/approve")
            #expect(answer.status == 409 && answer["detail"].contains("version 2.1 was deployed"))
            let events = try await published(client)
            #expect(events.isEmpty)
            let newer = try await post(client, "new/approve")
            #expect(newer.status == 200)
        }
    }

    @Test("What cannot be decided is refused in a sentence, and changes nothing")
    func refusals() async throws {
        try await withServer(("s", .pass)) { client, store in
            let before = try await store.session(id: "s")
            for (path, body, status, words) in [
                ("none/approve", #"{"reason":"x"}"#, 404, "there is no session none"),
                ("s/approve", "", 400, "reason is missing"), ("s/approve", "[]", 400, "not a JSON object"),
                ("s/abort", #"{"reason":" "}"#, 400, "reason is missing"),
                ("s/abort", #"{"reason":"a\nb"}"#, 400, "on one line"),
                ("s/abort", #"{"reason":"\#(String(repeating: "x", count: 1001))"}"#, 400, "at most 1000 bytes"),
                ("s/abort", #"{"reason":7}"#, 400, "reason must be a text"),
                ("s/abort", #"{"reason":"x","by":"eve"}"#, 400, "by is not known here"),
                ("s/abort", #"{"reason":"x","seen":"none"}"#, 409, "has changed since it was seen"),
                ("s/cancel", #"{"reason":"x"}"#, 409, "nothing to cancel"),
                ("s/feedback", #"{"opinion":"maybe"}"#, 400, "right or wrong"),
            ] {
                let answer = try await post(client, path, body)
                #expect(answer.status == status && answer["detail"].contains(words), "\(path) \(body): \(answer)")
            }
            let badKey = try await post(client, "s/abort", key: "a b")
            #expect(badKey.status == 400)
            let unchanged = try await post(client, "s/approve")
            #expect(unchanged["outcome"] == "unchanged" && unchanged["verdict"] == "s/final")
            let after = try await store.session(id: "s")
            #expect(after == before)
        }
    }

    @Test("Whether a verdict was right is kept, shown and counted")
    func feedback() async throws {
        try await withServer(("s", .fail), ("running", nil)) { client, store in
            let early = try await post(client, "running/feedback", #"{"opinion":"right"}"#)
            #expect(early.status == 409)
            let first = try await post(client, "s/feedback", #"{"opinion":"wrong","note":"a false alarm"}"#)
            let second = try await post(client, "s/feedback", #"{"opinion":"wrong","note":"a false alarm"}"#)
            #expect(first["outcome"] == "kept" && second["outcome"] == "unchanged")
            let kept = try await store.session(id: "s")?.session.feedback
            #expect(kept?.map(\.note) == ["a false alarm"] && kept?.first?.verdict == "s/final")
            let trail = try await get(client, "/v1/sessions/s/report")["trail"]?.elements?.compactMap(\.object) ?? []
            #expect(trail.contains { $0["what"]?.text == "feedback: wrong" && $0["who"]?.text == "alice" })
            let events = try await published(client)
            #expect(events.isEmpty)
            try await client.execute(uri: "/metrics", method: .get) { response in
                let text = String(buffer: response.body)
                #expect(text.contains(#"assay_verdict_feedback_total{opinion="wrong",result="fail"} 1"#))
                #expect(text.contains(#"assay_decisions_total{decision="approve"} 0"#))
            }
        }
    }
}
