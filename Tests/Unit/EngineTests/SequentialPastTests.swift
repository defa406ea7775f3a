import Analysis
import Engine
import Foundation
import Judging
import Store
import Testing

@Suite("The engine with a comparison with earlier times")
struct SequentialPastTests {
    private let clock = ManualClock(EngineHarness.start)

    private static func plan() -> AnalysisPlan {
        AnalysisPlan(
            name: "shop",
            scopes: PlanScopes(control: .before(.seconds(3600)), experiment: ["track": "canary"]),
            judge: SequentialJudge.name,
            schedule: AnalysisSchedule(
                warmup: .seconds(30),
                step: .seconds(5),
                interval: .seconds(30),
                lifetime: .seconds(300),
                delay: .seconds(2),
                deadline: .seconds(120)
            ),
            metrics: [PlannedMetric(name: "latency", kind: .latency, query: "latency{${scope}}")]
        )
    }

    /// A level that wobbles; ten times as high in the warm-up, `factor` times as high afterwards.
    private static func answers(factor: Double) -> ScriptedBackEnd.Answer {
        { _, window, step throws(SamplingFailure) in
            let start = EngineHarness.start.milliseconds / 1000
            return ScriptedBackEnd.column(window, step) { second in
                let wobble = 1 + Double((second * 7919 % 101) - 50) / 1000
                return 40 * wobble * (second <= start ? 1 : second <= start + 30 ? 10 : factor)
            }
        }
    }

    @Test("What is worse than before fails, and what is not passes, whatever the warm-up was", arguments: [1.0, 1.5])
    func decides(factor: Double) async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(Self.answers(factor: factor))
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: Self.plan())
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 340)
            let last = try #require(harness.topic.verdicts.last)
            #expect(last.kind == .final && last.result == (factor > 1 ? .fail : .pass), "\(last.reason)")
            let evidence = try #require(last.metrics[0].judgement.sequential)
            #expect(evidence.comparison == .past && evidence.noise.historyUnits == 8)
            #expect(abs((evidence.effect?.estimate ?? 0) - factor) < 0.05 * factor)
            await harness.store.close()
        }
    }

    @Test("A canary without traffic has no data", arguments: [NoDataPolicy.hold, .pass])
    func withoutTraffic(policy: NoDataPolicy) async throws {
        try await withDirectory { directory in
            let answers = Self.answers(factor: 1)
            let backEnd = ScriptedBackEnd { query, window, step throws(SamplingFailure) in
                var answer = try answers(query, window, step)
                for index in answer.series[0].indices where window.start + step * (index + 1) > EngineHarness.start {
                    answer.series[0][index] = .nan
                }
                return answer
            }
            var plan = Self.plan()
            plan.metrics[0].noData = policy
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 4400)
            let last = try #require(harness.topic.verdicts.last)
            #expect(last.kind == .final && last.result == .inconclusive && last.cause == .noData, "\(last.reason)")
            #expect(!last.reason.contains(".;"), "\(last.reason)")
            await harness.store.close()
        }
    }

    @Test("The time before the release ends with it: neither side has the warm-up in it")
    func windows() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(Self.answers(factor: 1))
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: Self.plan())
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 70)
            let first = backEnd.questions.map(\.window).filter { $0.start < EngineHarness.start }
            #expect(first.count == 9)
            #expect(first.map(\.end).max() == EngineHarness.start)
            #expect(first.map(\.duration).sorted() == [.seconds(300)] + Array(repeating: .seconds(630), count: 8))
            await harness.store.close()
        }
    }
}
