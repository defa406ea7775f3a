import Analysis
import EventFormats
import HTTPTransport
import Judging
import Testing

@testable import Rollout

/// A controller with keys believes what is signed with one of them, and nothing else.
@Suite(.timeLimit(.minutes(5))) struct SignedVerdictTests {
    private static func pem(_ label: String, _ text: String) -> String {
        "-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----"
    }

    private let signing: SigningKey
    private let foreign: SigningKey
    private let reader: VerdictReader

    init() throws {
        signing = try SigningKey(
            pem: Self.pem("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIBlSsL5qzITyjkgaDwKb7fa+vUCczXTlJhUcu7Ti81QP")
        )
        foreign = try SigningKey(
            pem: Self.pem("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIG/AQe8+WWgg2wGcuSHibeRMA6xKuKZfG9BrgZ/t/zKR")
        )
        let keys = try VerificationKeys(
            pem: Self.pem("PUBLIC KEY", "MCowBQYDK2VwAyEApyzHtnEvUhbvUcsw65lNserrnk503lPnYufHV9M+iDM=")
        )
        reader = VerdictReader(now: { Fixture.start }, keys: { keys })
    }

    @Test func onlyWhatIsSignedWithAKeyIsActedOn() async throws {
        let harness = Harness(reader: reader)
        let event = Fixture.event(Fixture.verdict("f", session: "s9", kind: .interim, version: "9", opened: 100))
        var changed = signing.signed(event)
        changed.extensions["assayretry"] = Fixture.start.rfc3339
        for event in [event, foreign.signed(event), changed] {
            harness.source.give { Fixture.record(event, offset: $0) }
        }
        let genuine = signing.signed(Fixture.event(Fixture.verdict("real", result: .fail)))
        harness.source.give { Fixture.record(genuine, offset: $0) }
        await harness.source.done.wait(for: 4)
        try await harness.finish()
        #expect(try harness.actions() == ["real abort done"])
        #expect(harness.source.letters.all.map(\.reason) == ["unsigned", "unknownKey", "wrongSignature"])
        #expect(harness.statistics.snapshot.distrusted == [.unsigned: 1, .unknownKey: 1, .wrongSignature: 1])
    }

    @Test func aSignedRetryIsActedOnAgain() async throws {
        let refused = FakeActuator.Answer.failure(ActuatorError(.permanent, "No rights."))
        let harness = Harness(actuator: FakeActuator(["shop": [refused]]), reader: reader)
        let event = Fixture.event(Fixture.verdict("a", result: .fail))
        let retry = RetryRequest.event(event, failedAt: Fixture.start)
        // The verdict's own signature does not stand for a request to try again.
        let borrowed = RetryRequest.event(signing.signed(event), failedAt: Fixture.start)
        for event in [signing.signed(event), borrowed, signing.signed(retry)] {
            harness.source.give { Fixture.record(event, offset: $0) }
        }
        await harness.source.done.wait(for: 3)
        try await harness.finish()
        #expect(try harness.actions() == ["a abort failed", "a abort done"])
        #expect(harness.source.letters.all.map(\.reason) == ["wrongSignature"])
    }

    /// What the service answers; everything else it does not know.
    private struct Service: HTTPExecuting {
        let page: [UInt8]

        func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
            request.url.contains("/v1/verdicts?")
                ? HTTPResponse(status: 200, body: page)
                : HTTPResponse(status: 404, body: Array(#"{"error":"there is none"}"#.utf8))
        }
    }

    /// The same bytes verify as a record and as what the service answers, whatever way they are written.
    @Test func aSignedVerdictVerifiesOverHTTP() async throws {
        var event = Fixture.event(Fixture.verdict("a"))
        let data = String(decoding: event.data ?? [], as: UTF8.self)
        event.data = Array(data.replacing("{\"session\":", with: "{ \"sess\\u0069on\" : ").utf8)
        let signed = signing.signed(event)
        guard case .verdict = KafkaVerdictRecord.read(Fixture.record(signed), by: reader) else {
            Issue.record("the record is not believed")
            return
        }
        let items = [signed, event].enumerated().map { index, event in
            "{\"place\":\"\(index + 1)\",\"event\":"
                + String(decoding: CloudEventHTTPBinding.structured(event).body, as: UTF8.self) + "}"
        }
        let page = "{ \"verdicts\" : [\(items.joined(separator: " ,\n"))], \"next\":\"2\"}"
        let source = ServiceVerdictSource(
            connection: ServiceConnection(url: "http://assay.test", http: Service(page: Array(page.utf8))),
            reader: "r",
            verdicts: reader,
            start: .beginning,
            logger: Harness.silent
        )
        var readings: [String] = []
        for _ in items {
            switch try await source.next()?.reading {
            case .verdict(let delivered): readings.append(delivered.verdict.id)
            case .malformed(let malformed): readings.append(malformed.errorClass)
            case .skip, nil: readings.append("nothing")
            }
        }
        #expect(readings == ["a", "unsigned"])
    }
}
