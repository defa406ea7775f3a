import Analysis
import EventFormats
import HTTPTransport
import Judging
import Synchronization
import Testing

@testable import Service

@Suite struct ServiceVerdictsTests {
    private final class Pauses: Sendable {
        let all = Mutex<[Duration]>([])
    }

    private static var later: ContinuousClock.Instant { .now + .seconds(3600) }

    private func source(
        _ wanted: WantedVerdict,
        _ answers: [Result<HTTPResponse, HTTPError>],
        keys: VerificationKeys? = nil,
        pauses: Pauses = Pauses()
    ) -> (ServiceVerdicts, ScriptedHTTP) {
        let http = ScriptedHTTP(answers)
        var source = ServiceVerdicts(
            client: ServiceClient(url: "http://assay", http: http),
            wanted: wanted,
            keys: keys.map { keys -> PipelineVerdicts.Keys in { keys } }
        )
        source.wait = { pause in pauses.all.withLock { $0.append(pause) } }
        return (source, http)
    }

    private static func session(_ verdicts: String...) -> Result<HTTPResponse, HTTPError> {
        ScriptedHTTP.answer(200, #"{"session":{},"verdicts":[\#(verdicts.joined(separator: ","))]}"#)
    }

    @Test("Each verdict comes once, across a restart of the service, with pauses that grow to a limit")
    func polling() async throws {
        let (interim, final) = (try ExampleVerdict.shown("interim"), try ExampleVerdict.shown("final-fail"))
        let pauses = Pauses()
        var (source, http) = source(
            .session("s-01k9"),
            [
                ScriptedHTTP.answer(404), Self.session(interim), .failure(HTTPError(.unreachable, "refused")),
                ScriptedHTTP.answer(503), Self.session(interim), ScriptedHTTP.answer(502),
                ScriptedHTTP.answer(502), Self.session(interim, final),
            ],
            pauses: pauses
        )
        let first = try await source.next(until: Self.later)
        #expect(first?.verdict.kind == .interim)
        #expect(source.trouble == nil)
        let second = try await source.next(until: Self.later)
        #expect(second?.verdict.kind == .final)
        #expect(second?.verdict.result == .fail)
        #expect(second?.data == (try ExampleVerdict.event("final-fail").data))
        #expect(http.requests.count == 8)
        #expect(Set(http.requests.map(\.url)) == ["http://assay/v1/sessions/s-01k9"])
        #expect(pauses.all.withLock { $0.first } == .seconds(1))
        #expect(pauses.all.withLock { $0.last } == .seconds(5))
    }

    @Test("What will not pass ends the wait")
    func refused() async throws {
        var (source, _) = source(.session("s"), [ScriptedHTTP.answer(401, #"{"error":"who are you?"}"#)])
        await #expect(throws: ServiceClient.Failure.self) { _ = try await source.next(until: Self.later) }
    }

    @Test("At the end of its time it knows why there was none")
    func timeout() async throws {
        var (source, http) = source(.session("s"), [])
        #expect(try await source.next(until: .now) == nil)
        #expect(http.requests.isEmpty)
        var (waiting, _) = self.source(.session("s"), [ScriptedHTTP.answer(503, #"{"error":"starting"}"#)])
        await #expect(throws: ServiceClient.Failure.self) { _ = try await waiting.next(until: Self.later) }
        #expect(waiting.trouble?.contains("503: starting") == true)
    }

    @Test("An event's session follows from its source and id")
    func event() async throws {
        let (one, two) = (
            source(.event(id: "build-1", source: nil), [ScriptedHTTP.answer(401)]),
            source(
                .event(id: "build-1", source: "/ci", ReleaseFilter(application: "a")),
                [ScriptedHTTP.answer(401)]
            )
        )
        for (var pair, source) in [(one, EmitReport.defaultSource), (two, "/ci")] {
            _ = try? await pair.0.next(until: Self.later)
            let id = SessionID.make(for: EventIdentity(source: source, id: "build-1"))
            #expect(pair.1.requests.map(\.url) == ["http://assay/v1/sessions/\(id)"])
        }
    }

    @Test("A version's newest session is looked up, and kept to")
    func version() async throws {
        let final = try ExampleVerdict.shown("final-fail")
        var (source, http) = source(
            .version(ReleaseFilter(application: "checkout", version: "2.4.0")),
            [
                ScriptedHTTP.answer(200, #"{"sessions":[]}"#),
                // An older one is there already, and the event of the newer one has no answer yet.
                ScriptedHTTP.answer(200, #"{"sessions":[{"id":"s-old"}],"unanswered":1}"#),
                ScriptedHTTP.answer(200, #"{"sessions":[{"id":"s-01k9"},{"id":"s-old"}],"unanswered":0}"#),
                ScriptedHTTP.answer(404), Self.session(final),
            ]
        )
        #expect(try await source.next(until: Self.later)?.verdict.kind == .final)
        #expect(http.requests.count == 5)
    }

    @Test("Sessions of several releases are not chosen among")
    func ambiguous() async throws {
        func session(_ environment: String, _ cluster: String) -> String {
            #"{"id":"s","application":"checkout","environment":"\#(environment)","cluster":"\#(cluster)"}"#
        }
        for (one, other, option) in [
            (session("production", "eu"), session("staging", "eu"), "--environment"),
            (session("production", "eu"), session("production", "us"), "--cluster"),
        ] {
            var (source, _) = source(
                .version(ReleaseFilter(application: "checkout", version: "2.4.0")),
                [ScriptedHTTP.answer(200, #"{"sessions":[\#(one),\#(other)]}"#)]
            )
            let failure = await #expect(throws: ServiceClient.Failure.self) {
                _ = try await source.next(until: Self.later)
            }
            #expect(failure?.description.contains(option) == true)
        }
    }

    @Test("A session that is about another release than the options say ends the wait")
    func otherRelease() async throws {
        let final = try ExampleVerdict.shown("final-fail")
        var (source, _) = source(
            .session("s-01k9", ReleaseFilter(environment: "staging")),
            [Self.session(final)]
        )
        await #expect(throws: ServiceClient.Failure.self) { _ = try await source.next(until: Self.later) }
        // An answer with the verdict of another session.
        var (mixed, _) = self.source(.session("s-2"), [Self.session(final)])
        await #expect(throws: ServiceClient.Failure.self) { _ = try await mixed.next(until: Self.later) }
    }

    @Test(
        "Answers of something else than Assay end the wait, and none is a pass",
        arguments: [
            (200, "<html>log in</html>"), (200, "[]"), (200, #""ok""#), (200, #"{"status":"ok"}"#), (302, ""),
            (301, "<a href='/login'>"), (204, ""), (403, "no"), (200, #"{"sessions":{}}"#),
        ]
    )
    func noAssay(status: Int, body: String) async throws {
        for wanted in [WantedVerdict.version(ReleaseFilter(application: "a", version: "1"))] {
            var (source, _) = source(wanted, [ScriptedHTTP.answer(status, body)])
            await #expect(throws: ServiceClient.Failure.self) { _ = try await source.next(until: Self.later) }
        }
    }

    @Test("The verdict on an event that repeated a release is that of the analysis that it repeated")
    func repeated() async throws {
        let (interim, final) = (try ExampleVerdict.shown("interim"), try ExampleVerdict.shown("final-fail"))
        var (source, http) = source(
            .event(id: "build-2", source: "/ci", ReleaseFilter(application: "checkout")),
            [
                ScriptedHTTP.answer(404), ScriptedHTTP.answer(404),
                // Taken in, and not answered yet.
                ScriptedHTTP.answer(404), ScriptedHTTP.answer(200, #"{"answered":false}"#),
                ScriptedHTTP.answer(404), ScriptedHTTP.answer(200, #"{"answered":true,"session":"s-01k9"}"#),
                Self.session(interim), Self.session(interim, final),
            ]
        )
        #expect(try await source.next(until: Self.later)?.verdict.kind == .interim)
        #expect(try await source.next(until: Self.later)?.verdict.kind == .final)
        let own = SessionID.make(for: EventIdentity(source: "/ci", id: "build-2"))
        let asked = ["http://assay/v1/sessions/\(own)", "http://assay/v1/events?source=%2Fci&id=build-2"]
        #expect(
            http.requests.map(\.url)
                == asked + asked + asked + ["http://assay/v1/sessions/s-01k9", "http://assay/v1/sessions/s-01k9"]
        )
        var (other, _) = self.source(
            .event(id: "build-2", source: "/ci", ReleaseFilter(environment: "staging")),
            [
                ScriptedHTTP.answer(404), ScriptedHTTP.answer(200, #"{"answered":true,"session":"s-01k9"}"#),
                Self.session(final),
            ]
        )
        await #expect(throws: ServiceClient.Failure.self) { _ = try await other.next(until: Self.later) }
    }

    @Test("An event that has no analysis is refused at once; a service that does not tell is asked again")
    func withoutAnalysis() async throws {
        var (source, _) = source(
            .event(id: "build-3", source: "/ci"),
            [
                ScriptedHTTP.answer(404), ScriptedHTTP.answer(405), ScriptedHTTP.answer(404),
                ScriptedHTTP.answer(200, #"{"answered":true,"outcome":"nothing to cancel"}"#), ScriptedHTTP.answer(404),
            ]
        )
        let failure = await #expect(throws: ServiceClient.Failure.self) {
            _ = try await source.next(until: Self.later)
        }
        #expect(failure?.description.contains("has no analysis to wait for (nothing to cancel)") == true, "\(failure!)")
    }

    @Test("An event that is answered between two questions has its verdict")
    func answeredMeanwhile() async throws {
        let event = EventIdentity(source: "/ci", id: "build-4")
        let own = SessionID.make(for: event)
        let shown = try ExampleVerdict.shown("final-fail")
            .replacing(#""session":"s-01k9""#, with: "\"session\":\"\(own)\"")
            .replacing(
                #"{"source":"/pipelines/checkout","id":"build-4711/canary-20"}"#,
                with: #"{"source":"/ci","id":"build-4"}"#
            )
        var (source, _) = source(
            .event(id: event.id, source: event.source),
            [
                ScriptedHTTP.answer(404),
                ScriptedHTTP.answer(200, #"{"answered":true,"outcome":"rejected: no plan"}"#), Self.session(shown),
            ]
        )
        #expect(try await source.next(until: Self.later)?.verdict.kind == .final)
    }

    /// What the service gives out as the event of a verdict.
    private static func published(_ event: CloudEvent) -> Result<HTTPResponse, HTTPError> {
        let body = String(decoding: CloudEventHTTPBinding.structured(event).body, as: UTF8.self)
        return ScriptedHTTP.answer(200, "{\"event\":\(body)}")
    }

    @Test("With keys, a verdict counts as it was signed, whatever the session shows")
    func signed() async throws {
        let (interim, final) = (try ExampleVerdict.event("interim"), try ExampleVerdict.event("final-fail"))
        let shown = try ExampleVerdict.shown("final-fail").replacing(#""result":"fail""#, with: #""result":"pass""#)
        #expect(shown.contains(#""result":"pass""#))
        let key = try ExampleKeys.signing()
        var (source, http) = source(
            .session("s-01k9"),
            [
                Self.session(try ExampleVerdict.shown("interim"), shown), Self.published(interim),
                // The answer of a replica that gives out no single verdict.
                ScriptedHTTP.answer(400),
                Self.session(try ExampleVerdict.shown("interim"), shown), Self.published(key.signed(final)),
            ],
            keys: try VerificationKeys(pem: ExampleKeys.publicKey)
        )
        let found = try await source.next(until: Self.later)
        // The interim verdict is from before there was a key.
        #expect(found?.verdict.kind == .final && found?.verdict.result == .fail)
        #expect(found?.data == final.data)
        #expect(http.requests.count == 5)
        #expect(http.requests.last?.url == "http://assay/v1/verdicts?id=s-01k9%2F6%2Ffinal")
    }

    @Test("With keys, a final verdict that is not signed with one of them ends the wait", arguments: [0, 1, 2, 3])
    func distrusted(forgery: Int) async throws {
        let event = try ExampleVerdict.event("final-fail")
        var changed = try ExampleKeys.signing().signed(event)
        let data = String(decoding: changed.data ?? [], as: UTF8.self)
        changed.data = Array(data.replacing("\"result\":\"fail\"", with: "\"result\":\"pass\"").utf8)
        let cases: [(event: CloudEvent, words: String)] = [
            (event, "not believed: The verdict is not signed."),
            (try ExampleKeys.foreign().signed(event), "not believed: The verdict is signed with none of the keys"),
            (changed, "not believed: The verdict is not as it was signed."),
            (try ExampleKeys.signing().signed(ExampleVerdict.event("interim")), "gives out another event"),
        ]
        var (source, _) = source(
            .session("s-01k9"),
            [Self.session(try ExampleVerdict.shown("final-fail")), Self.published(cases[forgery].event)],
            keys: try VerificationKeys(pem: ExampleKeys.publicKey)
        )
        let failure = await #expect(throws: ServiceClient.Failure.self) {
            _ = try await source.next(until: Self.later)
        }
        #expect(failure?.description.contains(cases[forgery].words) == true, "\(failure!)")
    }

    @Test("What a controller did about the verdict is waited for, and only that")
    func actions() async throws {
        let verdict = try #require(PublishedVerdict(ExampleVerdict.event("final-fail"))).verdict
        func actions(_ verdicts: String...) -> Result<HTTPResponse, HTTPError> {
            let shown = verdicts.map {
                #"{"verdict":"\#($0)","action":"abort","outcome":"done","reason":"r","at":"2026-03-01T10:00:00Z"}"#
            }
            return ScriptedHTTP.answer(200, #"{"verdicts":[],"actions":[\#(shown.joined(separator: ","))]}"#)
        }
        var (source, _) = source(
            .session(verdict.session),
            [actions(), ScriptedHTTP.answer(503), actions("another"), actions("another", verdict.id)]
        )
        let action = try await source.action(on: verdict, until: Self.later)
        #expect(action?.action == .abort && action?.outcome == .done && action?.verdictID == verdict.id)
        var (none, _) = self.source(.session(verdict.session), [actions("another")])
        #expect(try await none.action(on: verdict, until: .now) == nil)
    }
}
