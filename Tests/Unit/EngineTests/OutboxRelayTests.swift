import Analysis
import Engine
import Foundation
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

    @Test func whatCanNeverBeDeliveredIsDropped() async throws {
        try await withDirectory { directory in
            let harness = try harness(directory)
            harness.topic.failNext(DeliveryFailure("refused", isTransient: false))
            try await harness.receive(EngineHarness.event("1"))
            await harness.deliver(harness.relay)
            try await harness.run(for: 100)
            #expect(harness.topic.messages.isEmpty)
            #expect(try await harness.store.outboxDepths().isEmpty)
            #expect(harness.metrics.outboxFailures.value("verdicts", "dropped") == 1)
            await harness.store.close()
        }
    }

    @Test func onlyConfiguredSinksGetMessages() throws {
        let verdict = AnalysisSession.rejected(
            id: "s",
            event: EngineHarness.event("1"),
            status: .errored,
            reason: "r",
            receivedAt: clock.now(),
            at: clock.now()
        ).verdict
        #expect(OutboxComposer(sinks: [.verdicts]).decided(verdict).map(\.sink) == [.verdicts])
        #expect(OutboxComposer(sinks: Set(OutboxSink.allCases)).decided(verdict).map(\.sink) == OutboxSink.allCases)
    }
}
