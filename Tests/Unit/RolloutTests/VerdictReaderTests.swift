import Analysis
import EventFormats
import Kafka
import Testing

@testable import Rollout

@Suite struct VerdictReaderTests {
    private let reader = VerdictReader(now: { Fixture.start })

    private func errorClass(_ reading: VerdictEventReading) -> String? {
        if case .malformed(let errorClass, _) = reading { errorClass } else { nil }
    }

    @Test func aVerdictComesBackAsItWasSent() {
        let verdict = Fixture.verdict(namespace: "shop-prod", cluster: "east-1", workload: "web")
        #expect(
            KafkaVerdictRecord.read(Fixture.record(verdict), by: reader)
                == .verdict(DeliveredVerdict(verdict, source: "/assay"))
        )
    }

    @Test func structuredModeIsReadToo() throws {
        let verdict = Fixture.verdict()
        let (value, headers) = CloudEventKafkaBinding.structured(
            VerdictEvent.encode(verdict, source: "/assay", reportURL: nil)
        )
        let record = KafkaRecord(
            topic: "canary.verdicts",
            partition: 0,
            offset: 0,
            value: value,
            headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) }
        )
        #expect(KafkaVerdictRecord.read(record, by: reader) == .verdict(DeliveredVerdict(verdict, source: "/assay")))
    }

    @Test func otherEventsAreSkipped() {
        let (value, headers) = CloudEventKafkaBinding.binary(
            CloudEvent(id: "1", source: "/x", type: "com.example.other", data: [0x7B, 0x7D])
        )
        let record = KafkaRecord(
            topic: "canary.verdicts",
            partition: 0,
            offset: 0,
            value: value,
            headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) }
        )
        #expect(KafkaVerdictRecord.read(record, by: reader) == .skip(.unknownType))
    }

    @Test(arguments: [
        Fixture.verdict(application: String(repeating: "a", count: 257)), Fixture.verdict(application: ""),
        Fixture.verdict(revision: String(repeating: "a", count: 257)),
        Fixture.verdict(session: String(repeating: "a", count: 1025)),
        Fixture.verdict(String(repeating: "a", count: 1025)),
    ])
    func whatWouldNotFitTheLedgerIsMalformed(verdict: Verdict) {
        #expect(errorClass(KafkaVerdictRecord.read(Fixture.record(verdict), by: reader)) == "badData")
    }

    @Test func everyCutOfARecordIsReadWithoutATrap() {
        let record = Fixture.record(Fixture.verdict())
        let value = record.value ?? []
        for end in stride(from: 0, to: value.count, by: 7) {
            var cut = record
            cut.value = Array(value[..<end])
            #expect(errorClass(KafkaVerdictRecord.read(cut, by: reader)) != nil)
        }
    }
}

@Suite struct RolloutEventsTests {
    private let events = RolloutEvents(source: "/assay/rollout/g", actuator: "fake", now: { Fixture.start })

    @Test func anEventGivesBackWhatTheLedgerNeeds() throws {
        let verdict = Fixture.verdict(namespace: "shop-prod", cluster: "east", opened: 5, decided: 77)
        let result = ActionResult(planned: Fixture.action(.promote, verdict), outcome: .failed, detail: "No.")
        let entry = try #require(events.read(events.event(result), dryRun: false))
        #expect(
            entry.release
                == ReleaseIdentity(
                    application: "shop",
                    environment: "production",
                    cluster: "east",
                    namespace: "shop-prod"
                )
        )
        #expect(entry.answer == RolloutLedger.Answer(verdict: verdict.id, failedAt: Fixture.start))
        #expect(entry.analysis == RolloutLedger.NewestAnalysis(verdict))
        #expect(entry.change == nil)
        let done = ActionResult(planned: Fixture.action(.promote, verdict), outcome: .done)
        let change = RolloutLedger.Change(session: "s1", kind: .promote, decidedAt: verdict.decidedAt)
        #expect(events.read(events.event(done), dryRun: false)?.change == change)
    }

    @Test func anInterimVerdictLeavesTheAnalysisOpen() throws {
        let verdict = Fixture.verdict(kind: .interim)
        let result = ActionResult(planned: Fixture.action(.none, verdict), outcome: .skipped)
        let entry = try #require(events.read(events.event(result), dryRun: false))
        #expect(entry.analysis?.finalVerdict == nil)
    }

    @Test func longTextsAreCut() throws {
        let reason = String(repeating: "ü", count: 100_000)
        let result = ActionResult(planned: Fixture.action(), outcome: .failed, reason: reason, detail: reason)
        let event = events.event(result)
        #expect((event.data ?? []).count < 8192)
        #expect(try Fixture.rolloutAction(event).reason.hasSuffix("…"))
    }
}
