import Engine
import Foundation
import Hummingbird
import HummingbirdTesting
import JSON
import Judging
import NIOCore
import Store
import Testing

@testable import Analysis
@testable import Web

/// What delivery tools are told when they ask whether a rollout may go on.
@Suite(.timeLimit(.minutes(5))) struct GateRoutesTests {
    /// A release with a verdict of its own.
    private struct Release: Sendable {
        var application = "shop"
        var version: String
        var result: String
        var namespace: String?
    }

    private func withServer(
        _ releases: [Release] = [],
        access: WebAccess? = nil,
        _ body: @Sendable (any TestClientProtocol, SQLiteStore) async throws -> Void
    ) async throws {
        try await TestWebServer(access: access).run { client, store in
            try await store.commit(Self.change(releases))
            try await body(client, store)
        }
    }

    /// Opened one after the other, in the last minutes.
    private static func change(_ releases: [Release]) -> StoreChange {
        var change = StoreChange()
        let start = SystemClock().now() - .seconds(600)
        for (index, release) in releases.enumerated() {
            let time = start + .seconds(index)
            var (session, _) = AnalysisSession.rejected(
                id: "s-\(index)",
                event: DeployEvent(
                    identity: EventIdentity(source: "/ci", id: "\(index)"),
                    application: release.application,
                    environment: "production",
                    namespace: release.namespace,
                    version: release.version
                ),
                ending: .noPlan("none matches"),
                receivedAt: time,
                at: time
            )
            if release.result == "running" { session.finalVerdict = nil }
            if let result = JudgementResult.allCases.first(where: { $0.rawValue == release.result }) {
                session.finalVerdict?.status = .completed
                session.finalVerdict?.result = result
                session.finalVerdict?.reason = "because of <it>"
            }
            change.opened.append(session)
        }
        return change
    }

    private struct Answer: Sendable {
        var status: Int
        var text: String
        var json: JSONObject { (try? JSONParser.parse(Array(text.utf8), maximumDepth: 8).object) ?? JSONObject() }
    }

    private func ask(
        _ client: any TestClientProtocol,
        _ path: String,
        _ method: HTTPRequest.Method = .get,
        body: String = "",
        authorization: String? = nil
    ) async throws -> Answer {
        var headers: HTTPFields = [:]
        headers[.authorization] = authorization
        return try await client.execute(
            uri: "/v1/gate/\(path)",
            method: method,
            headers: headers,
            body: ByteBuffer(string: body)
        ) { Answer(status: Int($0.status.code), text: String(buffer: $0.body)) }
    }

    private static func hook(
        _ checksum: String,
        name: String = "shop",
        namespace: String = "eu",
        metadata: String = #"{"environment":"production"}"#
    ) -> String {
        #"{"name":"\#(name)","namespace":"\#(namespace)","phase":"Progressing","checksum":"\#(checksum)","metadata":\#(metadata)}"#
    }

    @Test("Every finding is an answer, in the words of the command line")
    func findings() async throws {
        let releases = ["pass", "fail", "marginal", "inconclusive", "errored"].map {
            Release(application: "shop-\($0)", version: "2.0", result: $0)
        }
        try await withServer(releases) { client, _ in
            for release in releases {
                let answer = try await ask(client, "\(release.application)/production/2.0")
                #expect(answer.status == 200 && answer.json["result"]?.text == release.result)
                #expect(answer.json["page"]?.text?.hasPrefix("/sessions/s-") == true)
                let promotes = answer.json["gates"]?.object?["promote"]?.boolean
                #expect(promotes == (release.result == "pass"))
                #expect(answer.json["gates"]?.object?["rollback"]?.boolean == (release.result == "fail"))
            }
            for path in ["none/production/2.0", "shop-pass/production/3.0", "shop-pass/staging/2.0"] {
                let answer = try await ask(client, path)
                #expect(answer.status == 200 && answer.json["result"]?.text == "none", "\(path)")
                #expect(answer.json["session"] == nil)
            }
        }
    }

    @Test("Asked for one step, a gate is open or closed")
    func statuses() async throws {
        let releases = [
            Release(application: "good", version: "2.0", result: "pass"),
            Release(application: "bad", version: "2.0", result: "fail"),
        ]
        try await withServer(releases) { client, _ in
            for (path, status) in [
                ("good/production/2.0?for=promote", 200), ("good/production/2.0?for=advance", 200),
                ("good/production/2.0?for=rollback", 403), ("bad/production/2.0?for=promote", 403),
                ("bad/production/2.0?for=rollback", 200), ("bad/production/2.0?for=start", 200),
                ("none/production/2.0?for=promote&wait=5s", 403), ("good/production/2.0?for=promote&event=0", 200),
                ("good/production/2.0?for=promote&event=1", 403), ("bad/production/2.0?for=rollback&event=x/y", 403),
            ] {
                let answer = try await ask(client, path)
                #expect(answer.status == status, "\(path)")
            }
            let text = try await client.execute(uri: "/metrics", method: .get) { String(buffer: $0.body) }
            #expect(text.contains(#"assay_gate_answers_total{question="promote",answer="open"} 2"#))
            #expect(text.contains(#"assay_gate_answers_total{question="promote",answer="closed"} 3"#))
        }
    }

    @Test("A newer version, another place or a withdrawal closes the gate of an older verdict")
    func stale() async throws {
        let releases = [
            Release(version: "1.0", result: "pass"), Release(version: "2.0", result: "inconclusive"),
            Release(application: "two", version: "1.0", result: "pass", namespace: "eu"),
            Release(application: "two", version: "1.0", result: "fail", namespace: "us"),
        ]
        try await withServer(releases) { client, store in
            let ambiguous = try await ask(client, "two/production/1.0")
            #expect(ambiguous.status == 409 && ambiguous.text.contains("namespace"))
            for (path, status) in [
                ("shop/production/1.0?for=promote", 403), ("two/production/1.0?namespace=eu&for=promote", 200),
                ("two/production/1.0?namespace=us&for=promote", 403),
                ("two/production/1.0?namespace=eu&for=promote&within=5m", 403),
            ] {
                let answer = try await ask(client, path)
                #expect(answer.status == status, "\(path)")
            }

            let withdrawal = DeployEvent(
                identity: EventIdentity(source: "/ci", id: "back"),
                phase: .cancelled,
                application: "two",
                environment: "production",
                namespace: "eu",
                version: "1.0"
            )
            _ = try await store.receive([ReceivedEvent(event: withdrawal, receivedAt: SystemClock().now())])
            _ = try await store.answerEvents(limit: 1, maximumPerSource: nil) { (event, record) throws(StoreError) in
                var change = StoreChange()
                var history = record.history
                _ = history.apply(event.event, receivedAt: event.receivedAt, analysed: [])
                change.answer = .init(outcome: "withdrawn", at: event.receivedAt, history: history)
                return change
            }
            let answer = try await ask(client, "two/production/1.0?namespace=eu")
            #expect(answer.json["result"]?.text == "none")
            #expect(answer.json["reason"]?.text?.contains("taken back") == true)
        }
    }

    @Test("What does not say where it runs may run anywhere")
    func places() async throws {
        let releases = [
            Release(version: "1.0", result: "running"),
            Release(application: "two", version: "1.0", result: "running", namespace: "eu"),
        ]
        try await withServer(releases) { client, _ in
            for (path, status) in [
                ("shop/production/2.0?namespace=us&for=start", 403), ("shop/production/1.0?for=start", 200),
                ("shop/production/2.0?for=start", 403), ("two/production/2.0?for=start", 403),
                ("two/production/2.0?namespace=us&for=start", 200), ("two/production/2.0?cluster=c&for=start", 403),
            ] {
                let answer = try await ask(client, path)
                #expect(answer.status == status, "\(path)")
            }
        }
    }

    @Test("An event that waits for its answer closes every gate")
    func waiting() async throws {
        try await withServer([Release(version: "2.0", result: "pass")]) { client, store in
            let event = DeployEvent(
                identity: EventIdentity(source: "/ci", id: "again"),
                application: "shop",
                environment: "production",
                version: "2.0"
            )
            _ = try await store.receive([ReceivedEvent(event: event, receivedAt: SystemClock().now())])
            let answer = try await ask(client, "shop/production/2.0?wait=1s")
            #expect(answer.json["result"]?.text == "running")
            let closed = try await ask(client, "shop/production/2.0?for=promote")
            #expect(closed.status == 403)
        }
    }

    @Test("Flagger gets 200 or 403 and a sentence")
    func flagger() async throws {
        let releases = [
            Release(version: "85d557f47b", result: "pass", namespace: "eu"),
            Release(application: "till", version: "2.4.0", result: "fail", namespace: "eu"),
        ]
        try await withServer(releases) { client, _ in
            let good = Self.hook("85d557f47b")
            let bad = Self.hook(
                "x",
                name: "till-canary",
                metadata: #"{"application":"till","environment":"production","version":"2.4.0"}"#
            )
            for (gate, body, status) in [
                ("confirm-rollout", good, 200), ("confirm-traffic-increase", good, 200),
                ("confirm-promotion", good, 200), ("rollback", good, 403), ("confirm-promotion", bad, 403),
                ("confirm-traffic-increase", bad, 403), ("rollback", bad, 200),
                ("confirm-promotion", Self.hook("other"), 403), ("rollback", Self.hook("other"), 403),
                ("confirm-promotion", Self.hook("85d557f47b", namespace: "us"), 403),
            ] {
                let answer = try await ask(client, "flagger/\(gate)", .post, body: body)
                #expect(answer.status == status, "\(gate) \(body)")
                #expect(answer.text.hasSuffix("\n") && !answer.text.contains("{"))
            }
            for body in [
                "", "[]", "{}", Self.hook("x", metadata: "{}"), Self.hook("", name: "shop"),
                #"{"name":7,"checksum":"x","metadata":{"environment":"production"}}"#,
                Self.hook("x\u{7}"), Self.hook(String(repeating: "x", count: 300)),
                Self.hook("x", metadata: #"{"environment":"production","within":"soon"}"#),
            ] {
                let answer = try await ask(client, "flagger/rollback", .post, body: body)
                #expect(answer.status == 400, "\(body)")
            }
            let unknown = try await ask(client, "flagger/pre-rollout", .post, body: good)
            #expect(unknown.status == 404 && unknown.text.contains("confirm-promotion"))
        }
    }

    @Test(arguments: [
        "a/b/c?for=x", "a/b/c?wait=2m", "a/b/c?within=0s", "a/b/c?within=31d", "a/b/c?for=start&for=start",
        "a/b/c?plansFromEvents=1", "a/b/c?versoin=1", "a/b/%FF", "a/b/%07", "a/b/c?cluster=", "a/b/c?event=",
    ])
    func whatIsNotClearIsRefused(path: String) async throws {
        try await withServer { client, _ in
            let answer = try await ask(client, path)
            #expect(answer.status == 400)
        }
    }

    @Test("A gate is asked by those who may read, also with a name and a password")
    func roles() async throws {
        let access = WebAccess(tokens: { ["write"] }, readTokens: { ["read"] })
        try await withServer([Release(version: "2.0", result: "pass")], access: access) { client, _ in
            func basic(_ text: String) -> String { "Basic \(Data(text.utf8).base64EncodedString())" }
            let body = Self.hook("2.0", metadata: #"{"environment":"production"}"#)
            for (authorization, byName, byHook) in [
                (nil, 401, 401), ("Bearer wrong", 401, 401), ("Bearer read", 200, 403), ("Bearer write", 200, 403),
                (basic("assay:read"), 200, 403), (basic("x:y:read"), 401, 401), (basic("read"), 401, 401),
                (basic("read:"), 401, 401), ("Basic !", 401, 401), ("Basic ", 401, 401),
            ] as [(String?, Int, Int)] {
                let one = try await ask(client, "shop/production/2.0", authorization: authorization)
                #expect(one.status == byName, "\(authorization ?? "-")")
                let hook = try await ask(
                    client,
                    "flagger/confirm-promotion",
                    .post,
                    body: body,
                    authorization: authorization
                )
                // The analysis is of no namespace, and the canary of one.
                #expect(hook.status == byHook, "\(authorization ?? "-")")
            }
            // A token for reading writes nothing elsewhere.
            try await client.execute(
                uri: "/v1/events",
                method: .post,
                headers: [.authorization: basic("assay:read")]
            ) { #expect($0.status == .forbidden) }
            try await client.execute(uri: "/", method: .get) { response in
                #expect(response.status == .unauthorized)
                #expect(response.headers[.wwwAuthenticate]?.hasPrefix("Basic ") == true)
            }
        }
    }
}
