import Analysis
import Engine
import Foundation
import Judging
import Store
import Testing

extension SequentialEngineTests {
    /// From a time on a query's samples are multiplied; by NaN they are missing.
    private static func changed(
        after seconds: Int,
        _ factor: @escaping @Sendable (String) -> Double
    ) -> ScriptedBackEnd.Answer {
        let answers = answers(factor: 1)
        let time = EngineHarness.start + .seconds(Int64(seconds))
        return { query, window, step throws(SamplingFailure) in
            var answer = try answers(query, window, step)
            for index in answer.series[0].indices where window.start + step * (index + 1) > time {
                answer.series[0][index] *= factor(query)
            }
            return answer
        }
    }

    private func last(_ answers: @escaping ScriptedBackEnd.Answer, _ policy: SequentialPolicy) async throws -> Verdict {
        var last: Verdict?
        try await withDirectory { directory in
            let clock = ManualClock(EngineHarness.start)
            let backEnd = ScriptedBackEnd(answers)
            let plan = Self.plan(lifetime: .seconds(300), policy: policy)
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 450)
            last = harness.topic.verdicts.last
            await harness.store.close()
        }
        return try #require(last)
    }

    @Test(
        "Errors that rise on both sides at once end undecided, with the environment as the reason",
        arguments: SequentialPolicy.Undecided.allCases
    )
    func sharedFate(undecided: SequentialPolicy.Undecided) async throws {
        let answers = Self.changed(after: 20) { $0.hasPrefix("e{") ? 5 : 1 }
        let verdict = try await last(answers, SequentialPolicy(undecided: undecided))
        #expect(verdict.kind == .final && verdict.result == .inconclusive)
        #expect(verdict.reason.hasPrefix("environment-degraded, as errors shows: "), "\(verdict.reason)")
        #expect(verdict.metrics[0].judgement.sequential?.environment?.isDegraded == true)
        #expect(verdict.cause == .environmentDegraded)
    }

    @Test("What is undecided does not pass where a side has lost its traffic", arguments: ["canary", "stable", ""])
    func undecidedWithoutTraffic(side: String) async throws {
        let verdict = try await last(
            Self.changed(after: 15) { query in
                (side.isEmpty || query.contains(side)) && !query.hasPrefix("load") ? 0 : 1
            },
            SequentialPolicy(undecided: .pass)
        )
        #expect(verdict.kind == .final && verdict.result == .inconclusive, "\(verdict.reason)")
        #expect(verdict.cause == .noTraffic && verdict.metrics[0].judgement.sequential != nil)
    }

    @Test("A canary that loses its traffic, one that stops reporting and one that loses a metric are told apart")
    func noTraffic() async throws {
        let idle = try await last(
            Self.changed(after: 60) { query in query.contains("canary") && !query.hasPrefix("load") ? 0 : 1 },
            SequentialPolicy()
        )
        #expect(idle.kind == .final && idle.result == .inconclusive)
        let reason = try #require(idle.metrics[0].judgement.reason?.text)
        #expect(reason.contains("no traffic: the experiment has had no requests for 48 steps"), "\(reason)")
        #expect(idle.metrics[0].judgement.telemetry == .experimentWithoutTraffic && idle.cause == .noTraffic)
        let silent = try await last(
            Self.changed(after: 60) { query in query.contains("canary") ? .nan : 1 },
            SequentialPolicy()
        )
        #expect(silent.kind == .final && silent.result == .inconclusive)
        #expect(silent.reason.contains("the experiment has stopped reporting altogether"), "\(silent.reason)")
        #expect(silent.metrics[0].judgement.telemetry == .experimentNotReporting && silent.cause == .notReporting)
        let partial = try await last(
            Self.changed(after: 60) { query in query.contains("canary") && query.hasPrefix("r{") ? .nan : 1 },
            SequentialPolicy()
        )
        #expect(partial.kind == .final && partial.result == .inconclusive)
        #expect(partial.reason.contains("other metrics of the experiment go on"), "\(partial.reason)")
        #expect(partial.metrics[0].judgement.telemetry == .experimentSeriesEnded && partial.cause == .tooFewSamples)
    }
}
