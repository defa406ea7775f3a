import Analysis
import Concurrency
import Engine
import Foundation
import Hummingbird
import HummingbirdTesting
import NIOCore
import Store
import Synchronization
import Telemetry
import Testing
import Web

@Suite struct WebServerTests {
    private func withServer(
        health: HealthReport = HealthReport(),
        maximumPages: Int? = nil,
        token: (@Sendable () throws -> String)? = nil,
        publicReads: PublicReads = .none,
        backpressure: IntakeBackpressure = IntakeBackpressure(),
        _ body: @Sendable (any TestClientProtocol, SQLiteStore) async throws -> Void
    ) async throws {
        try await TestWebServer(
            health: health,
            access: token.map { token in WebAccess(tokens: { [try token()] }, publicReads: publicReads) },
            maximumPages: maximumPages,
            backpressure: backpressure
        ).run(body)
    }

    private static let event =
        #"{"specversion":"1.0","id":"1","source":"/ci","type":"dev.assay.deploy.v1","data":"#
        + #"{"application":"shop","environment":"production","version":"2.0"}}"#

    private static let structured: HTTPFields = [.contentType: "application/cloudevents+json"]

    @Test func healthAndMetrics() async throws {
        try await withServer { client, _ in
            try await client.execute(uri: "/livez", method: .get) { #expect($0.status == .ok) }
            try await client.execute(uri: "/readyz", method: .get) { #expect($0.status == .ok) }
            try await client.execute(uri: "/version", method: .get) {
                #expect(String(buffer: $0.body) == #"{"version":"1.2.3"}"#)
            }
            try await client.execute(uri: "/metrics", method: .get) {
                #expect($0.headers[.contentType]?.hasPrefix("text/plain; version=0.0.4") == true)
                #expect(String(buffer: $0.body).contains("# TYPE assay_verdicts_total counter"))
            }
        }
    }

    @Test func readyIsWhoeverCanTakeRequestsWhateverKafkaDoes() async throws {
        let kafka = HealthReport.Dependency(decides: false, trouble: "not joined")
        func report(store: String? = nil, stopping: Bool = false) -> HealthReport {
            let store = HealthReport.Dependency(decides: true, trouble: store)
            return HealthReport(stopping: stopping, dependencies: ["kafka": kafka, "store": store])
        }
        for (health, status) in [
            (report(), HTTPResponse.Status.ok), (report(store: "full"), .serviceUnavailable),
            (report(stopping: true), .serviceUnavailable),
        ] {
            try await withServer(health: health) { client, _ in
                try await client.execute(uri: "/readyz", method: .get) { response in
                    #expect(response.status == status)
                    let body = Data(response.body.readableBytesView)
                    let shown = try JSONDecoder().decode(HealthReport.self, from: body)
                    #expect(shown == health)
                }
                try await client.execute(uri: "/livez", method: .get) { #expect($0.status == .ok) }
            }
        }
        try await withServer(health: report(store: "full")) { client, _ in
            try await client.execute(uri: "/readyz", method: .get) {
                let text = String(buffer: $0.body)
                #expect(
                    text
                        == #"{"dependencies":{"kafka":{"decides":false,"reason":"not joined","state":"down"},"#
                        + #""store":{"decides":true,"reason":"full","state":"down"}},"ready":false,"stopping":false}"#
                )
            }
        }
    }

    /// What back ends say can hold addresses and users.
    @Test func reasonsAreForThoseWhoMayKnow() async throws {
        let store = HealthReport.Dependency(decides: true, trouble: "user assay at 10.0.0.5: refused")
        let routes = HealthRoutes(
            registry: MetricRegistry(),
            health: { HealthReport(dependencies: ["store": store]) },
            version: "1",
            shows: .init(metrics: false, reasons: .none),
            access: WebAccess(tokens: { ["s3cret"] })
        )
        try await Application(router: WebServer.router(routes)).test(.router) { client in
            for (header, isKnown) in [(nil, false), ("Bearer wrong", false), ("Bearer s3cret", true)] {
                var headers = HTTPFields()
                headers[.authorization] = header
                try await client.execute(uri: "/readyz", method: .get, headers: headers) {
                    #expect($0.status == .serviceUnavailable)
                    let text = String(buffer: $0.body)
                    #expect(text.contains(#""state":"down""#) && text.contains("10.0.0.5") == isKnown, "\(text)")
                }
            }
            try await client.execute(uri: "/metrics", method: .get) { answer in
                #expect(answer.status == .notFound)
                #expect(String(buffer: answer.body).contains("web.probesPort"))
            }
        }
    }

    @Test func whoHasAThreadThatIsStuckIsNotAlive() async throws {
        let pulses = HeartbeatRegister()
        let routes = HealthRoutes(
            registry: MetricRegistry(),
            health: { HealthReport() },
            version: "1",
            pulses: pulses
        )
        let application = Application(router: WebServer.router(routes))
        let long = HeartbeatRegister.limit + .seconds(1)
        try await application.test(.router) { client in
            let pulse = pulses.add("consumer", at: .now - long)
            try await client.execute(uri: "/livez", method: .get) {
                #expect($0.status == .serviceUnavailable)
                #expect(String(buffer: $0.body) == "stuck: consumer\n")
            }
            pulse.beat()
            try await client.execute(uri: "/livez", method: .get) { #expect($0.status == .ok) }
        }
    }

    @Test func anEventIsTakenInOnceAndSaysItsSession() async throws {
        try await withServer { client, store in
            for (status, outcome) in [(HTTPResponse.Status.accepted, "accepted"), (.ok, "duplicate")] {
                let body = ByteBuffer(string: Self.event)
                try await client.execute(uri: "/v1/events", method: .post, headers: Self.structured, body: body) {
                    #expect($0.status == status)
                    let text = String(buffer: $0.body)
                    #expect(text.contains(#""outcome":"\#(outcome)""#))
                    #expect(text.contains(SessionID.make(for: EventIdentity(source: "/ci", id: "1"))))
                }
            }
            #expect(try await store.waitingEvents().count == 1)
        }
    }

    @Test func anIdOfAnotherEventIsRefused() async throws {
        try await withServer { client, store in
            for (environment, status) in [("production", HTTPResponse.Status.accepted), ("staging", .conflict)] {
                let event = Self.event.replacing("production", with: environment)
                let body = ByteBuffer(string: event)
                try await client.execute(uri: "/v1/events", method: .post, headers: Self.structured, body: body) {
                    #expect($0.status == status)
                    let text = String(buffer: $0.body)
                    if status == .conflict { #expect(text.contains("it differs in environment"), "\(text)") }
                }
            }
            #expect(try await store.waitingEvents().count == 1)
        }
    }

    @Test func anEventThatWaitsIsSaidBesideTheSessions() async throws {
        try await withServer { client, _ in
            let body = ByteBuffer(string: Self.event)
            try await client.execute(uri: "/v1/events", method: .post, headers: Self.structured, body: body) { _ in }
            for (query, count) in [
                ("version=2.0", 1), ("version=3.0", 0), ("application=shop&environment=production", 1),
                ("cluster=eu", 0), ("before=2026-11-21T10:00:00Z", 0),
            ] {
                try await client.execute(uri: "/v1/sessions?\(query)", method: .get) {
                    #expect(String(buffer: $0.body) == #"{"sessions":[],"unanswered":\#(count)}"#, "\(query)")
                }
            }
        }
    }

    @Test func whileTooMuchWaitsTheCallerIsToldWhenToComeBack() async throws {
        let backpressure = IntakeBackpressure()
        backpressure.set(waitingEvents: 1_000_000, waitingMessages: 0)
        try await withServer(backpressure: backpressure) { client, store in
            let body = ByteBuffer(string: Self.event)
            try await client.execute(uri: "/v1/events", method: .post, headers: Self.structured, body: body) {
                #expect($0.status == .serviceUnavailable)
                #expect($0.headers[.retryAfter] == "5")
                #expect(String(buffer: $0.body).contains("nothing was taken in"))
            }
            // Its source alone has as many analyses as it may.
            backpressure.set(waitingEvents: 0, waitingMessages: 0)
            backpressure.hold(["/ci": 3])
            try await client.execute(uri: "/v1/events", method: .post, headers: Self.structured, body: body) {
                #expect($0.status == .tooManyRequests)
                #expect($0.headers[.retryAfter] == "30")
                #expect(String(buffer: $0.body).contains("3 events of /ci wait until an analysis of that source"))
            }
            #expect(try await store.waitingEvents().count == 0)
        }
    }

    @Test(arguments: [
        ("not json", HTTPResponse.Status.badRequest), ("{}", .badRequest), ("", .badRequest),
        (#"{"specversion":"1.0","id":"1","source":"/ci","type":"other.type","data":{}}"#, .accepted),
        (
            #"{"specversion":"1.0","id":"1","source":"/ci","type":"dev.assay.deploy.v1","data":{"application":7}}"#,
            .badRequest
        ),
        (String(repeating: "x", count: 300_000), .contentTooLarge),
    ])
    func wrongEventsAreRefusedWithAReason(body: String, status: HTTPResponse.Status) async throws {
        try await withServer { client, store in
            let buffer = ByteBuffer(string: body)
            try await client.execute(uri: "/v1/events", method: .post, headers: Self.structured, body: buffer) {
                #expect($0.status == status)
                if status.code >= 400 { #expect(String(buffer: $0.body).contains(#""error":""#)) }
            }
            #expect(try await store.waitingEvents().count == 0)
        }
    }

    @Test func aTokenIsAskedForWhereOneIsSet() async throws {
        let token = Mutex("s3cret")
        try await withServer(token: { token.withLock { $0 } }) { client, store in
            let body = ByteBuffer(string: Self.event)
            for given in [nil, "", "Bearer", "Bearer ", "Bearer wrong", "Basic s3cret", "s3cret"] {
                var headers = Self.structured
                headers[.authorization] = given
                try await client.execute(uri: "/v1/events", method: .post, headers: headers, body: body) {
                    #expect($0.status == .unauthorized)
                    #expect($0.headers[.wwwAuthenticate] == "Bearer")
                    #expect(String(buffer: $0.body).contains(#""error":"send the token"#))
                }
                try await client.execute(uri: "/v1/sessions", method: .get, headers: headers) {
                    #expect($0.status == .unauthorized)
                }
            }
            #expect(try await store.waitingEvents().count == 0)
            var headers = Self.structured
            headers[.authorization] = "bearer s3cret"
            try await client.execute(uri: "/v1/events", method: .post, headers: headers, body: body) {
                #expect($0.status == .accepted)
            }
            // Probes and scrapers have no token.
            for path in ["/livez", "/readyz", "/metrics"] {
                try await client.execute(uri: path, method: .get) { #expect($0.status == .ok) }
            }
            token.withLock { $0 = "another" }
            try await client.execute(uri: "/v1/sessions", method: .get, headers: headers) {
                #expect($0.status == .unauthorized)
            }
        }
        struct Unreadable: Error {}
        try await withServer(token: { throw Unreadable() }) { client, _ in
            try await client.execute(uri: "/v1/sessions", method: .get, headers: [.authorization: "Bearer x"]) {
                #expect($0.status == .serviceUnavailable)
            }
        }
    }

    /// Texts that no session can hold are refused before the store is asked.
    @Test func parametersAreBounded() async throws {
        try await withServer { client, _ in
            let long = String(repeating: "a", count: 256)
            for (uri, status) in [
                ("/v1/sessions?application=\(long)", HTTPResponse.Status.ok),
                ("/v1/sessions?application=\(long)a", .badRequest), ("/v1/sessions?version=%00", .badRequest),
                ("/v1/sessions?limit=200", .ok), ("/v1/sessions?limit=201", .badRequest),
                ("/v1/sessions?limit=1&limit=2", .badRequest), ("/v1/sessions/%00", .notFound),
                ("/v1/sessions/\(long)", .notFound), ("/v1/sessions/a%0Ab", .notFound),
            ] {
                try await client.execute(uri: uri, method: .get) { answer in
                    #expect(answer.status == status, "\(uri)")
                }
            }
        }
    }

    @Test func aFullStoreAnswersTryAgain() async throws {
        try await withServer(maximumPages: 120) { client, store in
            let value = String(repeating: "p", count: 250)
            let labels = (0..<30).map { #""label\#($0)":"\#(value)""# }.joined(separator: ",")
            let data = #""version":"2.0","experiment":{"labels":{\#(labels)}}"#
            var (taken, last, sentence) = (0, HTTPResponse.Status.accepted, "")
            while last == .accepted, taken < 200 {
                let text = Self.event.replacing(#""id":"1""#, with: #""id":"\#(taken)""#)
                    .replacing(#""version":"2.0""#, with: data)
                (last, sentence) = try await client.execute(
                    uri: "/v1/events",
                    method: .post,
                    headers: Self.structured,
                    body: ByteBuffer(string: text)
                ) { ($0.status, String(buffer: $0.body)) }
                if last == .accepted { taken += 1 }
            }
            #expect(last == .serviceUnavailable)
            #expect(sentence.contains("nothing was taken in"))
            let waiting = try await store.waitingEvents().count
            #expect(waiting == taken)
        }
    }

    @Test func sessionsAreListedAndShown() async throws {
        try await withServer { client, store in
            let event = DeployEvent(
                identity: EventIdentity(source: "/ci", id: "9"),
                application: "shop",
                environment: "production",
                version: "2.0"
            )
            let now = SystemClock().now()
            let (session, verdict) = AnalysisSession.rejected(
                id: "abc",
                event: event,
                ending: .noPlan("none matches"),
                receivedAt: now,
                at: now
            )
            var change = StoreChange()
            change.opened = [session]
            change.verdicts = [verdict]
            change.transitions = SessionTransition.between(nil, session, verdicts: [verdict], at: now, replica: "r")
            // Of a newer version.
            change.transitions[0].to = .unknown("pondering")
            try await store.commit(change)
            try await client.execute(uri: "/v1/sessions?application=shop&limit=1", method: .get) {
                #expect($0.status == .ok)
                #expect(String(buffer: $0.body).contains(#""id":"abc""#))
            }
            try await client.execute(uri: "/v1/sessions/abc", method: .get) {
                let text = String(buffer: $0.body)
                #expect(text.contains(#""verdicts":[{"id":"abc/final","#))
                #expect(text.contains(#""reason":"no plan: none matches""#))
                #expect(text.contains(#""to":"pondering""#) && text.contains(#""to":"finished""#))
            }
            try await client.execute(uri: "/v1/sessions/none", method: .get) { #expect($0.status == .notFound) }
            for wrong in ["limit=0", "limit=x", "phase=gone", "before=yesterday", "aplication=shop"] {
                try await client.execute(uri: "/v1/sessions?\(wrong)", method: .get) {
                    #expect($0.status == .badRequest)
                }
            }
        }
    }

    @Test func aSummaryNamesNoRevisionAndNoPlan() async throws {
        try await withServer(token: { "s3cret" }, publicReads: .summary) { client, store in
            let event = DeployEvent(
                identity: EventIdentity(source: "/ci", id: "1"),
                application: "shop",
                environment: "production",
                version: "2.0",
                revision: "pod-hash"
            )
            let (session, _) = AnalysisSession.rejected(
                id: "s1",
                event: event,
                ending: .noPlan("none is named web-plan"),
                receivedAt: Timestamp(milliseconds: 1_772_359_200_000),
                at: Timestamp(milliseconds: 1_772_359_200_000)
            )
            var change = StoreChange()
            change.opened = [session]
            _ = try await store.commit(change)
            let secret: HTTPFields = [.authorization: "Bearer s3cret"]
            for (headers, isShown) in [(HTTPFields(), false), (secret, true)] {
                try await client.execute(uri: "/v1/sessions", method: .get, headers: headers) { response in
                    #expect(response.status == .ok)
                    let text = String(buffer: response.body)
                    #expect(text.contains(#""version":"2.0""#) && text.contains(#""status":"errored""#))
                    #expect(text.contains("pod-hash") == isShown && text.contains("web-plan") == isShown)
                }
                try await client.execute(uri: "/v1/sessions/s1", method: .get, headers: headers) {
                    #expect($0.status == (isShown ? .ok : .unauthorized))
                }
            }
        }
    }
}
