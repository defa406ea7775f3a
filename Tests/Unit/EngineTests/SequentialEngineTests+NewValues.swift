import Analysis
import Engine
import Judging
import Prometheus
import Store
import Testing

extension SequentialEngineTests {
    private static func plan(_ rule: NewValuesRule, _ policy: SequentialPolicy = SequentialPolicy()) -> AnalysisPlan {
        var plan = plan(lifetime: .seconds(300), policy: policy)
        plan.metrics[0].newValues = NewValues(rule, events: "sum by (code) (e{${scope}})")
        return plan
    }

    /// One error in four is a 502 on the canary, from the third minute on; `before` has it on the stable side long ago.
    private static func answers(before: Bool = false) -> ScriptedBackEnd.Answer {
        let answers = answers(factor: 1)
        let start = EngineHarness.start
        return { query, window, step throws(SamplingFailure) in
            guard query.contains("by (code)") else { return try answers(query, window, step) }
            let isCanary = query.contains("canary")
            let first = start.milliseconds / 1000
            let usual = ScriptedBackEnd.column(window, step) { _ in isCanary ? 0.15 : 1.8 }.series[0]
            let rare = ScriptedBackEnd.column(window, step) { second in
                if isCanary { return second > first + 120 ? 0.25 : .nan }
                return before && second < first ? 0.1 : .nan
            }.series[0]
            return BackEndAnswer(series: [usual, rare], labels: [["code": "500"], ["code": "502"]])
        }
    }

    private func verdicts(_ answers: @escaping ScriptedBackEnd.Answer, _ plan: AnalysisPlan) async throws -> [Verdict] {
        var verdicts: [Verdict] = []
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(answers)
            let clock = ManualClock(EngineHarness.start)
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 450)
            verdicts = harness.topic.verdicts
            await harness.store.close()
        }
        return verdicts
    }

    @Test("A code that only the canary has is named with its count, at the first look that sees enough of it")
    func newCode() async throws {
        let verdicts = try await verdicts(Self.answers(), Self.plan(NewValuesRule(label: "code")))
        let evidence = verdicts.map { $0.metrics.first?.judgement.sequential?.newValues }
        let first = try #require(evidence.firstIndex { $0?.values.isEmpty == false })
        let named = try #require(evidence[first])
        #expect(named.values[0].name == "502" && named.values[0].events >= 5 && named.values[0].events < 11)
        #expect(named.hasHistory && !named.isCut && named.treatment == .warned)
        #expect(verdicts[first].kind == .interim && verdicts[first].look < 10)
        #expect(
            verdicts[first].metrics[0].judgement.reason?.text.contains("new: code=\"502\" (") == true,
            "\(verdicts[first].reason)"
        )
        #expect(verdicts.last?.kind == .final)
    }

    @Test("One that the control had before the release is none")
    func knownCode() async throws {
        let verdicts = try await verdicts(Self.answers(before: true), Self.plan(NewValuesRule(label: "code")))
        #expect(verdicts.last?.kind == .final)
        #expect(verdicts.allSatisfy { $0.metrics.first?.judgement.sequential?.newValues?.values.isEmpty != false })
    }

    @Test(
        "By the plan's policy it fails the release, or keeps it from passing, whatever is done with what is undecided"
    )
    func policies() async throws {
        let failed = try await verdicts(Self.answers(), Self.plan(NewValuesRule(label: "code", policy: .fail)))
        #expect(failed.last?.result == .fail && (failed.last?.look ?? 99) < 15, "\(failed.last?.reason ?? "")")
        let held = try await verdicts(
            Self.answers(),
            Self.plan(NewValuesRule(label: "code", policy: .hold), SequentialPolicy(undecided: .pass))
        )
        #expect(held.last?.result == .inconclusive, "\(held.last?.reason ?? "")")
        #expect(held.last?.reason.contains("new: code=\"502\"") == true)
    }

    @Test("A back end that refuses the query is no reason to wait, and nothing is called new")
    func refused() async throws {
        let answers = Self.answers()
        let verdicts = try await verdicts(
            { query, window, step throws(SamplingFailure) in
                if query.contains("by (code)") {
                    throw SamplingFailure(kind: .tooManySeries, message: "more than 10000 series")
                }
                return try answers(query, window, step)
            },
            Self.plan(NewValuesRule(label: "code"))
        )
        let last = try #require(verdicts.last)
        #expect(last.kind == .final && last.status == .completed, "\(last.reason)")
        #expect(last.metrics[0].judgement.sequential?.newValues?.isCut == true)
        #expect(last.metrics[0].judgement.reason?.text.contains("none is called new") == true)
    }
}
