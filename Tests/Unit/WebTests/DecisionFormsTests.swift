import Engine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import PlanFormats
import Store
import Testing

@testable import Analysis
@testable import Web

/// What people decide on the pages.
@Suite(.timeLimit(.minutes(5))) struct DecisionFormsTests {
    private static func token(_ name: String, _ roles: AccessRole...) -> AccessToken {
        AccessToken(name: name, roles: Set(roles), hashes: [AccessToken.hash(Array("token-of-\(name)".utf8))])
    }

    private func withServer(
        publicReads: PublicReads = .none,
        _ body: @Sendable (any TestClientProtocol, SQLiteStore) async throws -> Void
    ) async throws {
        let access = WebAccess(
            tokens: { [] },
            namedTokens: {
                [Self.token("alice", .read, .approve), Self.token("ci", .read, .emit), Self.token("board", .read)]
            },
            publicReads: publicReads
        )
        try await TestWebServer(access: access).run { client, store in
            var change = StoreChange()
            change.opened = [Self.session()]
            try await store.commit(change)
            try await body(client, store)
        }
    }

    private static func session() -> AnalysisSession {
        AnalysisSession(
            id: "s",
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "s"),
                application: "shop",
                environment: "production",
                version: "2.0"
            ),
            plan: AnalysisPlan(
                name: "shop",
                schedule: AnalysisSchedule(interval: .seconds(60), lifetime: .seconds(600)),
                metrics: [PlannedMetric(name: "errors", query: "e{${scope}}")]
            ),
            receivedAt: SystemClock().now()
        )
    }

    private struct Page: Sendable {
        var status: Int
        var text: String
        var location: String?
    }

    private func ask(
        _ client: any TestClientProtocol,
        _ uri: String,
        as name: String?,
        form: String? = nil,
        from headers: HTTPFields = [.origin: "http://localhost"]
    ) async throws -> Page {
        var headers = form == nil ? [:] : headers
        headers[.authorization] = name.map { "Basic " + Data("x:token-of-\($0)".utf8).base64EncodedString() }
        if form != nil, headers[.contentType] == nil { headers[.contentType] = "application/x-www-form-urlencoded" }
        return try await client.execute(
            uri: uri,
            method: form == nil ? .get : .post,
            headers: headers,
            body: form.map { ByteBuffer(string: $0) }
        ) { response in
            Page(
                status: Int(response.status.code),
                text: String(buffer: response.body),
                location: response.headers[.location]
            )
        }
    }

    @Test("A page offers what the reader's roles allow and the analysis takes")
    func offers() async throws {
        try await withServer(publicReads: .all) { client, store in
            func offered(as name: String?) async throws -> [String] {
                let text = try await ask(client, "/sessions/s", as: name).text
                return ["approve", "abort", "cancel", "feedback"].filter {
                    text.contains(#"href="/sessions/s/\#($0)""#)
                }
            }
            var answers: [[String]] = []
            for name in ["alice", "ci", "board", nil] { answers.append(try await offered(as: name)) }
            // A reader without a token is asked for it on the way.
            #expect(answers == [["approve", "abort", "cancel"], ["cancel"], [], ["approve", "abort", "cancel"]])
            let asked = try await ask(client, "/sessions/s/approve", as: nil)
            #expect(asked.status == 401)
            _ = try await ask(client, "/sessions/s/abort", as: "alice", form: "reason=no")
            let after = try await offered(as: "alice")
            #expect(after == ["approve", "abort", "feedback"])
        }
    }

    @Test("A form decides, names what was seen, and leads back to the analysis")
    func decides() async throws {
        try await withServer { client, store in
            let form = try await ask(client, "/sessions/s/approve", as: "alice")
            #expect(form.status == 200 && form.text.contains(#"name="seen" value="none""#))
            #expect(form.text.contains("with the name alice") && !form.text.contains("<script"))
            let sent = try await ask(
                client,
                "/sessions/s/approve",
                as: "alice",
                form: "seen=none&reason=it+is+%3Cb%3Eknown%3C%2Fb%3E+%26+fine"
            )
            #expect(sent.status == 303 && sent.location == "/sessions/s")
            let decision = try await store.session(id: "s")?.session.finalVerdict?.decision
            #expect(decision?.actor == "alice" && decision?.reason == "it is <b>known</b> & fine")
            let page = try await ask(client, "/sessions/s", as: "alice").text
            #expect(page.contains("Approved") && page.contains("&lt;b&gt;known") && !page.contains("<b>known"))
            // The state has changed since the form was drawn.
            let stale = try await ask(client, "/sessions/s/abort", as: "alice", form: "seen=none&reason=no")
            #expect(stale.status == 409 && stale.text.contains("has changed since it was seen"))
            let feedback = try await ask(client, "/sessions/s/feedback", as: "ci", form: "opinion=right&reason=")
            #expect(feedback.status == 303)
            let opinions = try await store.session(id: "s")?.session.feedback.map(\.actor)
            #expect(opinions == ["ci"])
        }
    }

    @Test("A form that no page of this service sent is not taken")
    func otherSites() async throws {
        try await withServer { client, store in
            let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
            for headers: HTTPFields in [
                [:], [.origin: "https://evil.example"], [.origin: "null"], [site: "cross-site"], [site: "same-site"],
                [.origin: "http://localhost", site: "cross-site"], [site: "none"],
            ] {
                let answer = try await ask(
                    client,
                    "/sessions/s/abort",
                    as: "alice",
                    form: "seen=none&reason=no",
                    from: headers
                )
                #expect(answer.status == 403, "\(headers)")
            }
            let final = try await store.session(id: "s")?.session.finalVerdict
            #expect(final == nil)
            let own = try await ask(
                client,
                "/sessions/s/abort",
                as: "alice",
                form: "seen=none&reason=no",
                from: [site: "same-origin"]
            )
            #expect(own.status == 303)
        }
    }

    @Test("What is no form, and what it lacks, is refused")
    func refusals() async throws {
        try await withServer { client, store in
            for (form, status) in [
                ("seen=none", 400), ("reason=", 400), ("reason=a&reason=b", 400), ("reason=%zz", 400), ("reason", 400),
                ("reason=a%0Ab", 400), (String(repeating: "reason=a&", count: 2000), 413),
            ] {
                let answer = try await ask(client, "/sessions/s/abort", as: "alice", form: form)
                #expect(answer.status == status, "\(form.prefix(40))")
            }
            let json = try await ask(
                client,
                "/sessions/s/abort",
                as: "alice",
                form: #"{"reason":"x"}"#,
                from: [.origin: "http://localhost", .contentType: "text/plain"]
            )
            #expect(json.status == 415)
            let missing = try await ask(client, "/sessions/none/abort", as: "alice", form: "reason=x")
            let page = try await ask(client, "/sessions/none/abort", as: "alice")
            #expect(missing.status == 404 && page.status == 404)
            let final = try await store.session(id: "s")?.session.finalVerdict
            #expect(final == nil)
        }
    }
}
