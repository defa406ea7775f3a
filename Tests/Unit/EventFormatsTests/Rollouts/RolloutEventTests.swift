import Analysis
import EventFormats
import JSON
import Testing

@Suite struct RolloutEventTests {
    @Test(arguments: RolloutAction.Kind.allCases, RolloutAction.Outcome.allCases)
    func roundTrip(kind: RolloutAction.Kind, outcome: RolloutAction.Outcome) throws {
        let action = RolloutAction(
            verdict: VerdictEventTests.verdict(),
            action: kind,
            outcome: outcome,
            actuator: "webhook",
            reason: "Why.",
            detail: outcome == .done ? "HTTP 204" : nil,
            at: Timestamp(milliseconds: 1_700_000_000_000)
        )
        let event = RolloutEvent.encode(action, source: "/assay/rollout")
        #expect(try RolloutEvent.decode(event) == action)
        let bytes = try #require(CloudEventKafkaBinding.structured(event).value)
        let value = try JSONParser.parse(bytes, maximumDepth: 32)
        #expect(try EventDocuments.schema("rollout").problems(of: value) == [])
    }

    @Test("The id names verdict and actuator, so that a repeat is seen") func identity() {
        let action = RolloutAction(
            verdict: VerdictEventTests.verdict(),
            action: .abort,
            outcome: .done,
            actuator: "webhook",
            reason: "",
            at: Timestamp(milliseconds: 0)
        )
        #expect(action.id == "s/2/final/webhook")
        #expect(action.verdictID == "s/2/final")
    }

    @Test(arguments: ["", "{}", "[]", #"{"verdict":"v"}"#, #"{"action":"explode"}"#])
    func refused(data: String) {
        let event = CloudEvent(id: "1", source: "s", type: RolloutEvent.type, data: Array(data.utf8))
        #expect(throws: CloudEventError.self) { try RolloutEvent.decode(event) }
    }
}
