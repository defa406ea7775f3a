import Analysis
import Engine
import Foundation
import Judging
import Store
import Telemetry
import Testing

/// What is counted when releases go through the engine.
@Suite struct EngineMetricsTests {
    private let clock = ManualClock(EngineHarness.start)

    private func withEngine(
        plan: AnalysisPlan? = EngineHarness.plan(),
        _ answer: @escaping ScriptedBackEnd.Answer = ScriptedBackEnd.sides { 10 + Double($0 % 7) },
        _ body: (EngineHarness, ScriptedBackEnd) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(answer)
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await body(harness, backEnd)
            await harness.store.close()
        }
    }

    @Test func aReleaseThatPasses() async throws {
        try await withEngine { harness, _ in
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 70)
            let metrics = harness.metrics
            #expect(metrics.verdicts.value("final", "completed", "pass") == 1)
            #expect(metrics.verdicts.value("interim", "completed", "pass") == 2)
            #expect(metrics.looks.value("judged") == 3)
            #expect(metrics.decisionTime.value("completed", "pass") == 1)
            #expect(metrics.scores.value() == 1)
            #expect(metrics.classifications.value("Pass") == 1)
            #expect(metrics.deliveryTime.value("verdicts") == 3)
            #expect(metrics.queryTime.value("answered") == 6)
            #expect(metrics.queriesUnderWay.value() == 0)
            #expect(metrics.sessionsUnderWay.value() == 0)
            #expect(metrics.sessionsMaximum.value() == 64)
            // The third look is due 62 s after the deployment.
            let answered = metrics.lastAnswer.value() - Double(EngineHarness.start.milliseconds / 1000)
            #expect(answered == 62)
            #expect(UndecidedCause.allCases.allSatisfy { metrics.undecided.value($0.rawValue) == 0 })
            #expect(HoldCause.allCases.allSatisfy { metrics.holds.value($0.rawValue) == 0 })
        }
    }

    private static let silence: ScriptedBackEnd.Answer = { _, _, _ throws(SamplingFailure) in BackEndAnswer(series: [])
    }
    private static func failure(_ kind: SamplingFailure.Kind) -> ScriptedBackEnd.Answer {
        { _, _, _ throws(SamplingFailure) in throw SamplingFailure(kind: kind, message: "no") }
    }

    @Test(
        arguments: [
            (UndecidedCause.noData, silence, HoldCause.noData, true),
            (.unreachable, failure(.unreachable), .unreachable, false),
            (.overloaded, failure(.overloaded), .overloaded, false), (.notJudgeable, failure(.badQuery), nil, true),
        ] as [(UndecidedCause, ScriptedBackEnd.Answer, HoldCause?, Bool)]
    )
    func aReleaseThatCannotBeJudged(
        cause: UndecidedCause,
        answer: @escaping ScriptedBackEnd.Answer,
        hold: HoldCause?,
        isAnswered: Bool
    ) async throws {
        try await withEngine(answer) { harness, backEnd in
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 190)
            let metrics = harness.metrics
            for other in UndecidedCause.allCases {
                #expect(metrics.undecided.value(other.rawValue) == (other == cause ? 1 : 0), "\(other)")
            }
            for other in HoldCause.allCases {
                #expect((metrics.holds.value(other.rawValue) > 0) == (other == hold), "\(other)")
            }
            #expect((metrics.lastAnswer.value() > 0) == isAnswered)
            #expect((metrics.failuresInARow.value() == 0) == isAnswered)
            backEnd.replace(Self.silence)
            try await harness.receive(EngineHarness.event("2", version: "3.0"))
            try await harness.run(for: 25)
            #expect(metrics.failuresInARow.value() == 0)
        }
    }

    @Test func eachAttemptOfAHeldLookCounts() async throws {
        try await withEngine(Self.failure(.unreachable)) { harness, backEnd in
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 30)
            // At 22, 23, 25 and 29 s.
            #expect(harness.metrics.holds.value("unreachable") == 4)
            #expect(harness.metrics.queryFailures.value("unreachable") == 8)
            #expect(harness.metrics.failuresInARow.value() == 8)
            #expect(harness.metrics.verdicts.value("interim", "completed", "inconclusive") == 1)
            backEnd.replace(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
            try await harness.run(for: 60)
            #expect(harness.metrics.holds.value("unreachable") == 4)
        }
    }

    @Test func whatEndsFromOutsideIsNoLook() async throws {
        try await withEngine { harness, _ in
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 25)
            #expect(harness.metrics.looks.value("judged") == 1)
            try await harness.receive(EngineHarness.event("2", version: "3.0"))
            #expect(harness.metrics.undecided.value("superseded") == 1)
            #expect(harness.metrics.decisionTime.value("cancelled", "inconclusive") == 1)
            #expect(harness.metrics.looks.value("judged") == 1)
        }
        try await withEngine(plan: nil) { harness, _ in
            try await harness.receive(EngineHarness.event("1"))
            #expect(harness.metrics.undecided.value("noPlan") == 1)
            #expect(harness.metrics.looks.value("errored") == 0)
        }
    }

    @Test func labelValuesAreShownFromTheStart() {
        let registry = MetricRegistry()
        _ = EngineMetrics(registry)
        let lines = registry.render().split(separator: "\n")
        for family in registry.registered {
            // With what follows the name: other families begin with it as well.
            let name = family.name + (family.kind == .histogram ? "_count" : "")
            #expect(lines.contains { $0.hasPrefix(name + " ") || $0.hasPrefix(name + "{") }, "\(family.name)")
        }
        #expect(lines.contains(#"assay_verdicts_total{kind="final",status="completed",result="fail"} 0"#))
        #expect(lines.contains(#"assay_outbox_failures_total{sink="webhook",outcome="dropped"} 0"#))
        #expect(lines.contains(#"assay_dead_letters_total{reason="badJSON"} 0"#))
    }
}
