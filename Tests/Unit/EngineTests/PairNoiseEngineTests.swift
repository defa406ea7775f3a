import Analysis
import Concurrency
import Engine
import Foundation
import Judging
import Store
import Telemetry
import Testing

@Suite("Pairs of values from before a release")
struct PairNoiseEngineTests {
    private let clock = ManualClock(EngineHarness.start)

    private static func plan(_ query: String = "load{${scope}}", experiment: ScopeLabels = ["track": "canary"])
        -> AnalysisPlan
    {
        var plan = SequentialEngineTests.plan()
        plan.scopes.experiment = experiment
        plan.metrics = [PlannedMetric(name: "load", query: query, direction: .increase)]
        return plan
    }

    /// A control of 100, and a canary that swings between 80 and 120 for a minute each.
    private static let swinging: ScriptedBackEnd.Answer = { query, window, step throws(SamplingFailure) in
        ScriptedBackEnd.column(window, step) { second in
            query.contains("stable") ? 100 : second / 60 % 2 == 0 ? 80 : 120
        }
    }

    private func withEngine(
        _ plan: AnalysisPlan = plan(),
        _ body: (EngineHarness, ScriptedBackEnd) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(Self.swinging)
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await body(harness, backEnd)
            await harness.store.close()
        }
    }

    private func noise(_ harness: EngineHarness) throws -> NoiseEvidence {
        let last = try #require(harness.topic.verdicts.last)
        return try #require(last.metrics[0].judgement.sequential).noise
    }

    /// Questions about the time before the release, by side.
    private func asked(_ backEnd: ScriptedBackEnd) -> (control: Int, experiment: Int) {
        let before = backEnd.questions.filter { $0.window.end <= EngineHarness.start }
        return (before.count { $0.query.contains("stable") }, before.count { !$0.query.contains("stable") })
    }

    @Test("They are asked for once, for as long a time as the control's, and the verdict says what they taught")
    func learned() async throws {
        try await withEngine { harness, backEnd in
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 200)
            #expect(asked(backEnd) == (1, 1))
            let before = backEnd.questions.filter { $0.window.end <= EngineHarness.start }
            #expect(Set(before.map(\.window.start)).count == 1)
            let noise = try noise(harness)
            #expect(noise.source == .learned && noise.historyUnits == 240 && noise.dispersion > 5)
            #expect(harness.metrics.judge.noise.value("learned") == 1)
        }
    }

    @Test(
        "Of an experiment whose query names the release nothing is asked: it has no past",
        arguments: [("load{${scope}}", ["version": "${version}"]), (#"load{${scope}, v="${version}"}"#, ["a": "b"])]
    )
    func ofOneRelease(query: String, experiment: ScopeLabels) async throws {
        try await withEngine(Self.plan(query, experiment: experiment)) { harness, backEnd in
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 60)
            #expect(asked(backEnd) == (1, 0))
            #expect(try noise(harness).source == .measured)
        }
    }

    @Test("An experiment that had no series teaches nothing, and is not waited for")
    func noPast() async throws {
        try await withEngine { harness, backEnd in
            backEnd.replace { query, window, step throws(SamplingFailure) in
                if window.end <= EngineHarness.start, query.contains("canary") { return BackEndAnswer(series: []) }
                return try Self.swinging(query, window, step)
            }
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 60)
            #expect(try noise(harness).source == .measured)
        }
    }

    @Test(
        "A back end that is out of reach is waited for, and so is what it has answered in part",
        arguments: [SamplingFailure(kind: .unreachable, message: "refused"), nil]
    )
    func waits(failure: SamplingFailure?) async throws {
        try await withEngine { harness, backEnd in
            backEnd.replace { query, window, step throws(SamplingFailure) in
                var answer = try Self.swinging(query, window, step)
                guard window.end <= EngineHarness.start, query.contains("canary") else { return answer }
                if let failure { throw failure }
                answer.isPartial = true
                return answer
            }
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 60)
            #expect(harness.topic.verdicts.allSatisfy { $0.metrics.isEmpty || $0.metrics[0].held != nil })
            backEnd.replace(Self.swinging)
            try await harness.run(for: 60)
            #expect(try noise(harness).source == .learned)
        }
    }

    @Test(
        "What a release that passed has learned the next one goes by, and nothing is kept of one that did not",
        arguments: [1.0, 3]
    )
    func kept(factor: Double) async throws {
        try await withEngine { harness, backEnd in
            let calm: ScriptedBackEnd.Answer = { query, window, step throws(SamplingFailure) in
                ScriptedBackEnd.column(window, step) { second in
                    let isNew = second > EngineHarness.start.milliseconds / 1000 && !query.contains("stable")
                    return 100 * (isNew ? factor : 1)
                }
            }
            backEnd.replace(calm)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 640)
            let first = try #require(harness.topic.verdicts.last)
            #expect(first.kind == .final && first.result == (factor == 1 ? .pass : .fail), "\(first.reason)")
            let now = clock.now()
            backEnd.replace { query, window, step throws(SamplingFailure) in
                if window.end <= now { return BackEndAnswer(series: []) }
                return try calm(query, window, step)
            }
            try await harness.receive(EngineHarness.event("2", version: "3.0"))
            try await harness.run(for: 60)
            #expect(try noise(harness).source == (factor == 1 ? .kept : .measured))
        }
    }

    @Test("Nothing is learned of the experiment from a release that failed up to the next one")
    func failedRelease() async throws {
        try await withEngine { harness, backEnd in
            let start = EngineHarness.start.milliseconds / 1000
            backEnd.replace { query, window, step throws(SamplingFailure) in
                ScriptedBackEnd.column(window, step) { second in
                    !query.contains("stable") && second > start && second <= start + 400 ? 300 : 100
                }
            }
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 400)
            #expect(harness.topic.verdicts.last?.result == .fail)
            try await harness.receive(EngineHarness.event("2", version: "3.0"))
            try await harness.run(for: 60)
            // Two lifetimes, but for those 400 seconds.
            let noise = try noise(harness)
            #expect(noise.source == .learned && noise.historyUnits == 160, "\(noise)")
        }
    }
}
