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
        pauses: Pauses = Pauses()
    ) -> (ServiceVerdicts, ScriptedHTTP) {
        let http = ScriptedHTTP(answers)
        var source = ServiceVerdicts(client: ServiceClient(url: "http://assay", http: http), wanted: wanted)
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
            source(.event(id: "build-1", source: nil, application: nil), [ScriptedHTTP.answer(401)]),
            source(.event(id: "build-1", source: "/ci", application: "a"), [ScriptedHTTP.answer(401)])
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
            .version("2.4.0", application: "checkout", environment: nil),
            [
                ScriptedHTTP.answer(200, #"{"sessions":[]}"#),
                ScriptedHTTP.answer(200, #"{"sessions":[{"id":"s-01k9"}]}"#),
                ScriptedHTTP.answer(404), Self.session(final),
            ]
        )
        #expect(try await source.next(until: Self.later)?.verdict.kind == .final)
        #expect(http.requests.count == 4)
    }
}
