import Analysis
import Engine
import Foundation
import Logging
import Store
import Telemetry
import Testing

/// What an analysis leaves behind is deleted when its time has come, and not before.
@Suite struct RetentionKeeperTests {
    private let clock = ManualClock(EngineHarness.start)
    private let metrics = EngineMetrics(MetricRegistry())

    /// Runs the body after a release has been judged: opened at 0 s, finished at 62 s, now is 70 s.
    private func withAnalysis(_ body: (EngineHarness) async throws -> Void) async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 70)
            try await body(harness)
            await harness.store.close()
        }
    }

    private func keeper(_ store: any Store, _ periods: [RetainedKind: Duration], batch: Int = 500) -> RetentionKeeper {
        var options = RetentionKeeper.Options(periods: periods)
        options.batch = batch
        options.pause = .zero
        return RetentionKeeper(
            store: store,
            clock: clock,
            metrics: metrics,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            options: options
        )
    }

    @Test func eachKindHasItsTime() async throws {
        try await withAnalysis { harness in
            let keeper = keeper(
                harness.store,
                [.samples: .seconds(100), .messages: .seconds(150), .events: .seconds(250), .sessions: .seconds(400)]
            )
            #expect(try await keeper.pass().isEmpty)
            var kinds: [Set<RetainedKind>] = []
            // 120, 220, 320, 420 s.
            for step in [50, 100, 100, 100] {
                clock.advance(by: .seconds(step))
                kinds.append(Set(try await keeper.pass().keys))
            }
            #expect(kinds == [[.samples], [.messages], [.events], [.sessions]])
            #expect(metrics.deleted.value("messages") == 3)
            #expect(metrics.deleted.value("events") == 1)
            #expect(metrics.deleted.value("sessions") == 1)
            #expect(metrics.deleted.value("samples") > 0)
            #expect(try await harness.store.finishedSessionCount() == 0)
        }
    }

    @Test func aPassGoesOnUntilNothingHasExpired() async throws {
        try await withAnalysis { harness in
            clock.advance(by: .seconds(1_000))
            let deleted = try await keeper(harness.store, [.messages: .seconds(1)], batch: 1).pass()
            #expect(deleted == [.messages: 3])
        }
    }

    @Test func whatHasNoTimeIsKept() async throws {
        try await withAnalysis { harness in
            clock.advance(by: .seconds(100_000_000))
            let deleted = try await keeper(harness.store, [:]).pass()
            #expect(deleted.isEmpty)
            let kept = try await harness.store.finishedSessionCount()
            #expect(kept == 1)
        }
    }

    @Test func anAnalysisThatRunsIsKept() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 25)
            clock.advance(by: .seconds(1_000))
            let deleted = try await keeper(harness.store, [.sessions: .seconds(1), .samples: .seconds(1)]).pass()
            #expect(deleted.isEmpty)
            #expect(try await !harness.store.unfinishedSessionCounts().isEmpty)
            await harness.store.close()
        }
    }
}
