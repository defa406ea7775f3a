import Analysis
import Engine
import Foundation
import Judging
import Store
import Testing

extension SequentialEngineTests {
    private func last(
        _ plan: AnalysisPlan,
        _ answers: @escaping ScriptedBackEnd.Answer
    ) async throws -> Verdict {
        var last: Verdict?
        try await withDirectory { directory in
            let clock = ManualClock(EngineHarness.start)
            let backEnd = ScriptedBackEnd(answers)
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: Int(plan.schedule.lifetime / .seconds(1)) + 150)
            last = harness.topic.verdicts.last
            await harness.store.close()
        }
        let verdict = try #require(last)
        #expect(verdict.kind == .final)
        return verdict
    }

    @Test(
        "Errors that a side does not tell are not taken for none: they neither pass nor fail",
        arguments: ["canary", "stable", ""],
        SequentialPolicy.Undecided.allCases
    )
    func errorsNotTold(side: String, undecided: SequentialPolicy.Undecided) async throws {
        let healthy = Self.answers(factor: 1)
        let harmful = Self.answers(factor: 30)
        let plan = Self.plan(lifetime: .seconds(300), policy: SequentialPolicy(undecided: undecided))
        for (answers, isMissing) in [(healthy, false), (healthy, true), (harmful, false), (harmful, true)] {
            let verdict = try await last(plan) { query, window, step throws(SamplingFailure) in
                var answer = try answers(query, window, step)
                guard query.hasPrefix("e{"), side.isEmpty || query.contains(side) else { return answer }
                if isMissing, window.start >= EngineHarness.start { return BackEndAnswer(series: []) }
                for index in answer.series[0].indices where window.start + step * (index + 1) > EngineHarness.start {
                    answer.series[0][index] = .nan
                }
                return answer
            }
            #expect(verdict.result == .inconclusive, "\(verdict.reason)")
        }
    }

    @Test(
        "Signals alone pass nothing, and neither does what may lack its samples",
        arguments: [(false, .inconclusive), (true, .inconclusive), (true, .pass), (true, .fail)]
            as [(Bool, SequentialPolicy.Undecided)]
    )
    func nothingRequired(mayLackData: Bool, undecided: SequentialPolicy.Undecided) async throws {
        var plan = Self.plan(lifetime: .seconds(300), policy: SequentialPolicy(undecided: undecided))
        for index in plan.metrics.indices { plan.metrics[index].isSignal = true }
        if mayLackData {
            plan.metrics[0].isSignal = false
            plan.metrics[0].noData = .pass
        }
        let answers = Self.answers(factor: 1)
        let verdict = try await last(plan) { query, window, step throws(SamplingFailure) in
            guard mayLackData, !query.hasPrefix("load"), query.contains("canary") else {
                return try answers(query, window, step)
            }
            return BackEndAnswer(series: [])
        }
        #expect(verdict.result == (undecided == .fail ? .fail : .inconclusive), "\(verdict.reason)")
    }

    @Test(
        "A required metric that may lack its samples does not pass by a signal where its canary has no requests",
        arguments: [false, true]
    )
    func leftOutWithoutTraffic(fromStart: Bool) async throws {
        var plan = Self.plan(lifetime: .seconds(300), policy: SequentialPolicy(undecided: .pass))
        plan.metrics[0].role = .critical
        plan.metrics[0].noData = .pass
        plan.metrics[1].role = .signal
        let answers = Self.answers(factor: 1)
        let verdict = try await last(plan) { query, window, step throws(SamplingFailure) in
            var answer = try answers(query, window, step)
            guard !query.hasPrefix("load"), query.contains("canary") else { return answer }
            let end = EngineHarness.start + .seconds(fromStart ? -3600 : 15)
            for index in answer.series[0].indices where window.start + step * (index + 1) > end {
                answer.series[0][index] = 0
            }
            return answer
        }
        #expect(verdict.result == .inconclusive && verdict.cause == .noTraffic, "\(verdict.reason)")
    }

    @Test(
        "What a signal lacks keeps no release from passing, and the verdict says it",
        arguments: [MetricRole.signal, .info],
        [SamplingFailure.Kind.unreachable, .badQuery, nil]
    )
    func signalWithoutSamples(role: MetricRole, failure: SamplingFailure.Kind?) async throws {
        var plan = Self.plan()
        plan.metrics[1].role = role
        let answers = Self.answers(factor: 1)
        let verdict = try await last(plan) { query, window, step throws(SamplingFailure) in
            guard query.hasPrefix("load"), query.contains("canary") else { return try answers(query, window, step) }
            if let failure { throw SamplingFailure(kind: failure, message: "it says no") }
            return BackEndAnswer(series: [])
        }
        #expect(verdict.result == .pass, "\(verdict.reason)")
        // What is only shown is shown without samples.
        guard role == .signal || failure != nil else { return }
        let said = failure == nil ? "no samples" : "it says no"
        let warnings = verdict.metrics[1].warnings
        #expect(warnings.contains { $0.hasPrefix("load, experiment: \(said)") }, "\(warnings)")
    }

    @Test("Harm that a signal has shown stays shown when its samples end")
    func harmfulSignalEnds() async throws {
        var plan = Self.plan(lifetime: .seconds(300))
        plan.metrics[0].role = .signal
        plan.failFast = .never
        let answers = Self.answers(factor: 10)
        let verdict = try await last(plan) { query, window, step throws(SamplingFailure) in
            guard query.contains("canary"), !query.hasPrefix("load"),
                window.end > EngineHarness.start + .seconds(200)
            else { return try answers(query, window, step) }
            throw SamplingFailure(kind: .unreachable, message: "it says no")
        }
        #expect(verdict.result == .fail, "\(verdict.reason)")
    }

    @Test(
        "Errors that are no part of the requests decide nothing",
        arguments: ["canary", "stable"],
        [SequentialPolicy.Undecided.inconclusive, .pass]
    )
    func moreErrorsThanRequests(side: String, undecided: SequentialPolicy.Undecided) async throws {
        let answers = Self.answers(factor: 1)
        let policy = SequentialPolicy(undecided: undecided)
        let verdict = try await last(Self.plan(lifetime: .seconds(300), policy: policy)) {
            query,
            window,
            step throws(SamplingFailure) in
            var answer = try answers(query, window, step)
            guard query.hasPrefix("e{"), query.contains(side) else { return answer }
            answer.series[0] = answer.series[0].map { $0 * 1000 }
            return answer
        }
        #expect(verdict.result == .inconclusive, "\(verdict.reason)")
        let limits = verdict.metrics[0].judgement.sequential?.limits ?? []
        #expect(limits.contains { $0.hasPrefix("a side has more events than requests") }, "\(limits)")
    }

    @Test("A histogram without the bucket of all requests is no histogram")
    func noInfiniteBucket() async throws {
        var plan = Self.plan(lifetime: .seconds(300))
        plan.metrics[0] = PlannedMetric(
            name: "latency",
            kind: .latency,
            query: "b{${scope}}",
            input: .histogram(buckets: CountQuery(query: "b{${scope}}"))
        )
        let answers = Self.answers(factor: 1)
        for bounds in [[0.1, 0.5, .infinity], [0.1, 0.5, 1]] {
            let verdict = try await last(plan) { query, window, step throws(SamplingFailure) in
                guard query.hasPrefix("b{") else { return try answers(query, window, step) }
                let column = ScriptedBackEnd.column(window, step) { _ in 20 }.series[0]
                let series = [0.7, 0.9, 1].map { part in column.map { $0 * part } }
                var answer = BackEndAnswer(series: series)
                answer.bounds = bounds
                return answer
            }
            let isWhole = bounds.last == .infinity
            #expect((verdict.status == .completed) == isWhole, "\(verdict.reason)")
            #expect(isWhole ? verdict.result == .pass : verdict.reason.contains("le=\"+Inf\""), "\(verdict.reason)")
        }
    }
}
