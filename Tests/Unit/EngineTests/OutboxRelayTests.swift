import Analysis
import Engine
import Foundation
import Kafka
import Store
import Telemetry
import Testing

@Suite struct OutboxRelayTests {
    private let clock = ManualClock(EngineHarness.start)

    private func harness(_ directory: URL) throws -> EngineHarness {
        let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
        return try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: nil)
    }

    @Test func aFailedDeliveryIsTriedAgainInOrder() async throws {
        try await withDirectory { directory in
            let harness = try harness(directory)
            harness.topic.failNext(
                DeliveryFailure("broker down", isTransient: true),
                DeliveryFailure("broker down", isTransient: true)
            )
            try await harness.receive(EngineHarness.event("1"))
            try await harness.receive(EngineHarness.event("2", version: "3.0"))
            #expect(await harness.deliver(harness.relay) == 0)
            #expect(harness.topic.messages.isEmpty)
            try await harness.run(for: 10)
            #expect(harness.topic.verdicts.map(\.version) == ["2.0", "3.0"])
            await harness.store.close()
        }
    }

    @Test func whatCanNeverBeDeliveredIsDroppedWhereThatIsAllowed() async throws {
        try await withDirectory { directory in
            let harness = try harness(directory)
            harness.topic.failNext(DeliveryFailure("refused", isTransient: false))
            let relay = harness.relay(to: harness.topic, maximumAge: .seconds(86_400))
            try await harness.receive(EngineHarness.event("1"))
            await harness.deliver(relay)
            clock.advance(by: .seconds(100))
            await harness.deliver(relay)
            #expect(harness.topic.messages.isEmpty)
            #expect(try await harness.store.outboxDepths().isEmpty)
            #expect(harness.metrics.outboxFailures.value("verdicts", "dropped") == 1)
            await harness.store.close()
        }
    }

    @Test func aVerdictIsNeverGivenUp() async throws {
        try await withDirectory { directory in
            let harness = try harness(directory)
            harness.topic.failNext(
                DeliveryFailure("the stored verdict cannot be read", isTransient: false),
                DeliveryFailure("the stored verdict cannot be read", isTransient: false)
            )
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 100)
            #expect(harness.topic.verdicts.map(\.cause) == [.noPlan])
            #expect(harness.metrics.outboxFailures.value("verdicts", "dropped") == 0)
            #expect(harness.metrics.outboxFailures.value("verdicts", "retried") == 2)
            await harness.store.close()
        }
    }

    /// What is delivered is finished when it is decided: whatever delivers it only passes it on.
    @Test func aMessageIsFinishedWhenItIsDecided() async throws {
        try await withDirectory { directory in
            let harness = try harness(directory)
            try await harness.receive(EngineHarness.event("1"))
            await harness.deliver(harness.relay)
            var message = try #require(harness.topic.messages.first)
            let records = VerdictRecords(topic: "t", encoding: .init(source: "/another"))
            message.payload = Array("not read".utf8)
            let record = try records.record(of: message)
            #expect(record.headers.contains { $0.key == "ce_source" && $0.value == Array("/assay".utf8) })
            #expect(record.key == Array("shop".utf8) && record.value == message.content?.body)
            // A message of version 0.1.0 has no content: it is made from its verdict, or waits for who can read that.
            message.content = nil
            do {
                _ = try records.record(of: message)
                Issue.record("it was read")
            } catch { #expect((error as? DeliveryFailure)?.isTransient == true) }
            await harness.store.close()
        }
    }

    /// A judge that this version does not have decides nothing here, and ends nothing.
    @Test func anUnknownJudgeEndsNothing() async throws {
        try await withDirectory { directory in
            var plan = EngineHarness.plan()
            plan.judge = "oracle"
            let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 300)
            #expect(harness.topic.messages.isEmpty)
            #expect(try await harness.store.unfinishedSessionCounts() == [.warmingUp: 1])
            #expect(try await harness.store.setAside().counts.filter { $0.value > 0 } == [.unknownJudge: 1])
            await harness.store.close()
        }
    }

    @Test func onlyConfiguredSinksGetMessages() throws {
        let encoding = VerdictMessageEncoding(source: "/test")
        let verdict = AnalysisSession.rejected(
            id: "s",
            event: EngineHarness.event("1"),
            ending: .noPlan("none matches"),
            receivedAt: clock.now(),
            at: clock.now()
        ).verdict
        #expect(try OutboxComposer(sinks: [.verdicts], encoding: encoding).decided(verdict).map(\.sink) == [.verdicts])
        #expect(
            try Set(OutboxComposer(sinks: Set(OutboxSink.allCases), encoding: encoding).decided(verdict).map(\.sink))
                == Set(OutboxSink.allCases)
        )
    }

    /// Both versions work on one analysis while one replaces the other: its verdicts must go the same way.
    @Test func verdictsOfAnAnalysisHaveTheKeyThatTheVersionBeforeGivesThem() throws {
        var event = EngineHarness.event("1")
        event.cluster = "eu"
        let verdict = AnalysisSession.rejected(
            id: "s",
            event: event,
            ending: .noPlan("none matches"),
            receivedAt: clock.now(),
            at: clock.now()
        ).verdict
        let composer = OutboxComposer(sinks: [.verdicts, .webhook], encoding: EngineHarness.encoding)
        let keys = Dictionary(uniqueKeysWithValues: try composer.decided(verdict).map { ($0.sink, $0.key) })
        #expect(keys == [.verdicts: "shop", .webhook: "shop/production/eu"])
    }
}
