import Analysis
import Engine
import Foundation
import HTTPTestServer
import HTTPTransport
import JSON
import Judging
import Mail
import Notifications
import Store
import StoredFormats
import Testing

@Suite struct HTTPNotificationPostTests {
    private static let path = "/services/T000/B000/XXSECRETXX"

    private static let commit = String(repeating: "0a", count: 20)

    private func form(_ result: JudgementResult = .fail) -> NotificationForm {
        var verdict = AnalysisSession.rejected(
            id: "1",
            event: EngineHarness.event("1"),
            ending: .noPlan("none matches"),
            receivedAt: EngineHarness.start,
            at: EngineHarness.start
        ).verdict
        verdict.status = .completed
        verdict.revision = Self.commit
        verdict.result = result
        return NotificationForm(verdict, link: nil)
    }

    private func post(
        _ receiver: NotificationReceiver,
        _ address: HTTPNotificationPost.Address,
        key: String? = nil
    ) throws -> HTTPNotificationPost {
        HTTPNotificationPost(
            name: "chat",
            receiver: receiver,
            address: address,
            key: key.map { Secret($0) },
            http: try HTTPClient(),
            unixSeconds: { 1_000 }
        )
    }

    @Test func everyReceiverIsPostedToWhereItListens() async throws {
        let server = try TestHTTPServer { _ in [.respond(202, "{}")] }
        let template = try NotificationTemplate(
            "v=${version}",
            escaping: .form,
            headers: [.init(name: "X-Team", value: "a")]
        )
        let receivers: [(NotificationReceiver, HTTPNotificationPost.Address, String)] = [
            (.slack, .secret(Secret(server.url + Self.path)), Self.path),
            (.teams, .secret(Secret(server.url + "/workflows/1?sig=2")), "/workflows/1?sig=2"),
            (.alertmanager(url: server.url, lasts: .seconds(60)), .open(server.url + "/"), "/api/v2/alerts"),
            (.pagerduty(url: server.url), .open(server.url + "/v2/enqueue"), "/v2/enqueue"),
            (
                .github(url: server.url, repository: "acme/shop"), .open(server.url),
                "/repos/acme/shop/statuses/\(Self.commit)"
            ),
            (.gelf(url: server.url), .open(server.url + "/gelf"), "/gelf"),
            (.template(url: server.url, template), .open(server.url + "/x"), "/x"),
        ]
        for (receiver, address, target) in receivers {
            try await post(receiver, address, key: "R0UT").send(form(), isResolved: false)
            let request = try #require(server.statistics.requests.last)
            #expect(request.method == "POST" && request.target == target)
            if case .template = receiver {
                #expect(request.body == Array("v=2.0".utf8) && request.headers["x-team"] == "a")
                continue
            }
            #expect(request.headers["content-type"] == "application/json; charset=utf-8")
            _ = try JSONParser.parse(request.body, maximumDepth: 32)
        }
        server.stop()
    }

    private static let deployment = NotificationReceiver.githubDeployment(url: "", repository: "acme/shop")

    /// Each request after the answer to the last one; with the token, which is the client's.
    @Test func aReceiverMayTakeSeveralRequests() async throws {
        let server = try TestHTTPServer { request in
            [.respond(200, request.target.hasPrefix("/repos/acme/shop/deployments?") ? #"[{"id": 7}]"# : "[]")]
        }
        try await post(Self.deployment, .open(server.url)).send(form(), isResolved: false)
        let asked = server.statistics.requests
        #expect(asked.map(\.method) == ["GET", "GET", "POST"])
        #expect(asked.map { $0.headers["accept"] } == Array(repeating: "application/vnd.github+json", count: 3))
        #expect(asked[2].target == "/repos/acme/shop/deployments/7/statuses" && asked[0].body.isEmpty)
        server.stop()
    }

    /// What fails on the way is the failure of the message, which begins anew; what is no list too.
    @Test(arguments: [(500, "", true), (404, "{}", false), (200, "{}", true)])
    func aRequestOnTheWayMayFail(status: Int, body: String, isTransient: Bool) async throws {
        let server = try TestHTTPServer { request in
            request.target.contains("/statuses") ? [.respond(status, body)] : [.respond(200, #"[{"id": 7}]"#)]
        }
        let post = try post(Self.deployment, .open(server.url))
        do throws(DeliveryFailure) {
            try await post.send(form(), isResolved: false)
            Issue.record("it was sent")
        } catch { #expect(error.isTransient == isTransient && error.message.hasPrefix("chat")) }
        #expect(server.statistics.requests.allSatisfy { $0.method == "GET" })
        server.stop()
    }

    @Test func aLabelThatIsGoneIsNoFailure() async throws {
        let server = try TestHTTPServer { request in
            switch request.target {
            case let target where target.contains("/pulls?"): [.respond(200, #"[{"number": 12}]"#)]
            case let target where target.hasSuffix("/labels?per_page=100"):
                [.respond(200, #"[{"name": "assay: pass"}, {"name": "assay: fail"}]"#)]
            case _ where request.method == "DELETE": [.respond(404, "{}")]
            default: [.respond(200, "[]")]
            }
        }
        let receiver = NotificationReceiver.githubPullRequest(url: "", repository: "acme/shop", label: "assay")
        try await post(receiver, .open(server.url)).send(form(), isResolved: false)
        #expect(server.statistics.requests.map(\.method) == ["GET", "GET", "POST", "GET", "DELETE"])
        server.stop()
    }

    @Test(arguments: [
        (400, false), (404, false), (410, false), (413, false), (422, false), (302, true), (401, true), (403, true),
        (408, true), (429, true), (500, true), (503, true),
    ])
    func aRefusalIsForGoodOrForNow(status: Int, isTransient: Bool) async throws {
        let server = try TestHTTPServer { _ in [.respond(status, headers: ["Retry-After: 120"])] }
        let post = try post(.slack, .secret(Secret(server.url + Self.path)))
        do throws(DeliveryFailure) {
            try await post.send(form(), isResolved: false)
            Issue.record("it was sent")
        } catch {
            #expect(error.isTransient == isTransient && error.retryAfter == .seconds(120))
            #expect(error.message == "chat answered \(status)")
        }
        server.stop()
    }

    @Test(
        arguments: [
            ("7200", 3_600), ("soon", nil), ("Thu, 01 Jan 1970 00:17:40 GMT", 60), ("-5", 0),
        ] as [(String, Int64?)]
    )
    func aWaitThatIsAskedForIsBounded(header: String, seconds: Int64?) async throws {
        let server = try TestHTTPServer { _ in [.respond(429, headers: ["Retry-After: \(header)"])] }
        let post = try post(.slack, .secret(Secret(server.url + Self.path)))
        do throws(DeliveryFailure) {
            try await post.send(form(), isResolved: false)
        } catch { #expect(error.retryAfter == seconds.map { .seconds($0) }) }
        server.stop()
    }

    /// A person who knows the address of a chat may write there.
    @Test func anAddressThatIsASecretIsInNoMessage() async throws {
        let port = try LoopbackSocket.freePort()
        let addresses = [
            "http://127.0.0.1:\(port)\(Self.path)", "no-address\(Self.path)",
            "http://user:pw@127.0.0.1:\(port)\(Self.path)",
        ]
        for address in addresses {
            let post = try post(.slack, .secret(Secret(address)))
            do throws(DeliveryFailure) {
                try await post.send(form(), isResolved: false)
                Issue.record("it was sent")
            } catch {
                #expect(!error.message.contains("XXSECRETXX") && error.isTransient, "\(error)")
            }
        }
    }

    @Test func aMailGoesThroughItsServer() async throws {
        let server = try TestSMTPServer()
        let route = MailRoute(
            server: "127.0.0.1",
            port: Int(server.port),
            encryption: .none,
            from: "assay@example.org",
            to: ["oncall@example.org"]
        )
        let client = SMTPClient(.init(url: "smtp://127.0.0.1:\(server.port)", requiresTLS: false))
        try await MailNotificationPost(name: "post", route: route, mail: client).send(form(), isResolved: false)
        #expect(server.mails.first?.lines.contains { $0.hasPrefix("Subject: =?utf-8?B?") } == true)
    }
}
