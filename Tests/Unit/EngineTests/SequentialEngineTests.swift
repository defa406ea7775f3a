import Analysis
import Concurrency
import Engine
import Foundation
import Judging
import Store
import Testing

@Suite("The engine with a judge that keeps states")
struct SequentialEngineTests {
    private let clock = ManualClock(EngineHarness.start)

    /// Errors and requests of both sides, two looks in three, a gauge beside.
    static func plan(lifetime: Duration = .seconds(600), policy: SequentialPolicy = SequentialPolicy())
        -> AnalysisPlan
    {
        AnalysisPlan(
            name: "shop",
            scopes: PlanScopes(control: .labels(["track": "stable"]), experiment: ["track": "canary"]),
            judge: SequentialJudge.name,
            schedule: AnalysisSchedule(
                step: .seconds(5),
                interval: .seconds(20),
                lifetime: lifetime,
                delay: .seconds(2),
                deadline: .seconds(120)
            ),
            sequential: policy,
            metrics: [
                PlannedMetric(
                    name: "errors",
                    kind: .errors,
                    query: "e{${scope}} / r{${scope}}",
                    input: .counts(
                        events: CountQuery(query: "e{${scope}}"),
                        requests: CountQuery(query: "r{${scope}}")
                    )
                ),
                PlannedMetric(name: "load", query: "load{${scope}}", direction: .increase),
            ]
        )
    }

    /// 20 requests a second on the canary, 180 on the others, of which one in a hundred fails; `factor` times as many on the
    /// canary.
    static func answers(factor: Double) -> ScriptedBackEnd.Answer {
        { query, window, step throws(SamplingFailure) in
            let isCanary = query.contains("canary")
            return ScriptedBackEnd.column(window, step) { second in
                let wobble = Double((second * 7919 % 101) - 50) / 50
                if query.hasPrefix("r") { return (isCanary ? 20 : 180) * (1 + 0.1 * wobble) }
                if query.hasPrefix("e") { return (isCanary ? 0.2 * factor : 1.8) * (1 + 0.3 * wobble) }
                return 40 + wobble
            }
        }
    }

    @Test("A harmful release fails at an early look, a healthy one passes before the last")
    func decidesEarly() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(Self.answers(factor: 1))
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: Self.plan())
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 620)
            let healthy = try #require(harness.topic.verdicts.last)
            #expect(healthy.kind == .final && healthy.result == .pass, "\(healthy.reason)")
            #expect(healthy.look < healthy.looks, "\(healthy.look)")
            let evidence = try #require(healthy.metrics[0].judgement.sequential)
            #expect(evidence.noise.source == .learned)
            #expect(healthy.metrics[0].controlQueries == [#"e{track="stable"}"#, #"r{track="stable"}"#])
            #expect(healthy.metrics[1].experimentQueries == [])
            #expect(evidence.effect.map { $0.lower < 1 && $0.upper > 1 && $0.upper < 1.6 } == true)
            backEnd.replace(Self.answers(factor: 10))
            try await harness.receive(EngineHarness.event("2", version: "3.0"))
            try await harness.run(for: 90)
            let failed = try #require(harness.topic.verdicts.last)
            #expect(failed.kind == .final && failed.result == .fail && failed.look <= 2, "\(failed.reason)")
            #expect(failed.metrics[0].judgement.classification == .high)
            #expect(failed.reason.contains("healthy releases would show this"), "\(failed.reason)")
            await harness.store.close()
        }
    }

    @Test("Each look asks for what is behind the state, and for the history once")
    func asksForWhatIsNew() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(Self.answers(factor: 1.3))
            let harness = try EngineHarness(
                directory: directory,
                backEnd: backEnd,
                clock: clock,
                plan: Self.plan(lifetime: .seconds(100))
            )
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 110)
            // The first look has fewer samples than the plan asks for: nothing is folded in.
            let canary = backEnd.questions.filter { $0.query == #"e{track="canary"}"# }.map(\.window.duration)
            #expect(canary == [.seconds(20), .seconds(40), .seconds(50), .seconds(50), .seconds(50)])
            let stable = backEnd.questions.filter { $0.query == #"r{track="stable"}"# }.map(\.window.duration)
            #expect(stable.count { $0 == .seconds(200) } == 1)
            #expect(stable.count == 6)
            await harness.store.close()
        }
    }

    @Test("A sample that comes after its time was folded in changes nothing, and is counted")
    func lateSamples() async throws {
        try await withDirectory { directory in
            let answers = Self.answers(factor: 1.2)
            let clock = clock
            let backEnd = ScriptedBackEnd { query, window, step throws(SamplingFailure) in
                var answer = try answers(query, window, step)
                for index in answer.series[0].indices {
                    // One scrape of the canary arrives 25 s late, when those behind it are there already.
                    let instant = window.start + step * (index + 1)
                    if query.contains("canary"), instant == EngineHarness.start + .seconds(45),
                        clock.now() < EngineHarness.start + .seconds(75)
                    {
                        answer.series[0][index] = .nan
                    }
                }
                return answer
            }
            let plan = Self.plan(lifetime: .seconds(120))
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 130)
            let evidence = try #require(harness.topic.verdicts.last?.metrics[1].judgement.sequential)
            #expect(evidence.lateSamples == 1)
            #expect(evidence.units == 23 && evidence.skippedUnits == 1)
            await harness.store.close()
        }
    }

    @Test("A restart at any time gives the verdicts of an undisturbed run, to the bit")
    func restarts() async throws {
        var expected: [Verdict]?
        for restart in [nil, 1, 21, 22, 23, 41, 42, 43, 61, 102] as [Int?] {
            try await withDirectory { directory in
                let clock = ManualClock(EngineHarness.start)
                let topic = RecordingSink(.verdicts)
                let backEnd = ScriptedBackEnd(Self.answers(factor: 1.2))
                let plan = Self.plan(lifetime: .seconds(120))
                func harness() throws -> EngineHarness {
                    try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, topic: topic, plan: plan)
                }
                let first = try harness()
                try await first.receive(EngineHarness.event("1"))
                if let restart {
                    try await first.run(for: restart)
                    // Claimed and never finished: what a killed process leaves behind.
                    let claim = LeaseClaim(owner: "killed", now: clock.now(), until: clock.now() + .seconds(15))
                    _ = try await first.store.claimDueSessions(claim, limit: 10)
                    await first.store.close()
                    let second = try harness()
                    try await second.run(for: 150 - restart)
                    await second.store.close()
                } else {
                    try await first.run(for: 150)
                    await first.store.close()
                }
                if let expected {
                    #expect(topic.verdicts.last?.id == expected.last?.id, "restart at \(restart ?? 0)")
                    #expect(topic.verdicts.last?.metrics == expected.last?.metrics, "restart at \(restart ?? 0)")
                } else {
                    expected = topic.verdicts
                    #expect(topic.verdicts.last?.kind == .final)
                }
            }
        }
    }

    @Test("An outage holds; nothing is folded twice, and nothing is lost")
    func outage() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(Self.answers(factor: 1.2))
            let plan = Self.plan(lifetime: .seconds(120))
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 50)
            backEnd.replace { _, _, _ throws(SamplingFailure) in
                throw SamplingFailure(kind: .unreachable, message: "refused")
            }
            try await harness.run(for: 30)
            #expect(harness.topic.verdicts.last?.hold?.cause == .unreachable)
            backEnd.replace(Self.answers(factor: 1.2))
            try await harness.run(for: 60)
            let last = try #require(harness.topic.verdicts.last)
            #expect(last.kind == .final && last.result == .inconclusive)
            #expect(last.metrics[1].judgement.sequential?.units == 24)
            #expect(last.metrics[0].judgement.control.count == 24)
            await harness.store.close()
        }
    }

    @Test("What is undecided at the end is what the plan says", arguments: SequentialPolicy.Undecided.allCases)
    func undecided(policy: SequentialPolicy.Undecided) async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(Self.answers(factor: 1.2))
            let plan = Self.plan(lifetime: .seconds(100), policy: SequentialPolicy(undecided: policy))
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 110)
            let last = try #require(harness.topic.verdicts.last)
            #expect(last.kind == .final)
            #expect(
                last.result == [.inconclusive: .inconclusive, .pass: .pass, .fail: .fail][policy],
                "\(last.reason)"
            )
            await harness.store.close()
        }
    }

    @Test("Errors that no series has ever shown are not taken for none")
    func noSeriesOfErrors() async throws {
        try await withDirectory { directory in
            let answers = Self.answers(factor: 1)
            let backEnd = ScriptedBackEnd { query, window, step throws(SamplingFailure) in
                query.hasPrefix("e{") ? BackEndAnswer(series: []) : try answers(query, window, step)
            }
            let plan = Self.plan(policy: SequentialPolicy(undecided: .pass))
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 760)
            let last = try #require(harness.topic.verdicts.last)
            #expect(last.kind == .final && last.result == .inconclusive && last.cause == .noData, "\(last.reason)")
            await harness.store.close()
        }
    }

    @Test("A split that is not what the event says holds a pass, whatever the plan does with what is undecided")
    func split() async throws {
        for (weight, policy, expected) in [
            (10.0, SequentialPolicy(), JudgementResult.pass), (40, SequentialPolicy(), .inconclusive),
            (40, SequentialPolicy(undecided: .pass), .inconclusive),
            (40, SequentialPolicy(passesWithWrongSplit: true), .pass),
        ] {
            try await withDirectory { directory in
                let backEnd = ScriptedBackEnd(Self.answers(factor: 1))
                let plan = Self.plan(policy: policy)
                let clock = ManualClock(EngineHarness.start)
                let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
                try await harness.receive(EngineHarness.event("1", weight: weight))
                try await harness.run(for: 620)
                let last = try #require(harness.topic.verdicts.last)
                #expect(last.kind == .final && last.result == expected, "\(weight): \(last.reason)")
                let isWrong = weight == 40
                #expect(last.metrics[0].judgement.sequential?.split?.isWrong == isWrong)
                let said = "the split is not what the event says: 40 % declared, 10"
                #expect(last.metrics[0].judgement.reason?.text.contains(said) == isWrong)
                await harness.store.close()
            }
        }
    }

    @Test("A plan may ask for time before a release passes; it fails at any time")
    func passesNoSooner() async throws {
        for (factor, expected) in [(1.0, JudgementResult.pass), (10, .fail)] {
            try await withDirectory { directory in
                let backEnd = ScriptedBackEnd(Self.answers(factor: factor))
                let plan = Self.plan(policy: SequentialPolicy(passAfter: .seconds(410)))
                let clock = ManualClock(EngineHarness.start)
                let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
                try await harness.receive(EngineHarness.event("1"))
                try await harness.run(for: 620)
                let last = try #require(harness.topic.verdicts.last)
                #expect(last.kind == .final && last.result == expected, "\(last.reason)")
                // Looks are 20 s apart: the 21st is the first one after 410 s.
                #expect(expected == .pass ? last.look == 21 : last.look < 5)
                let waiting = harness.topic.verdicts.filter { $0.nextStep.contains("(passAfter)") }
                #expect(waiting.isEmpty == (expected == .fail))
                #expect(waiting.allSatisfy { $0.kind == .interim })
                await harness.store.close()
            }
        }
    }

    @Test("A canary without requests passes by no other metric", arguments: SequentialPolicy.Undecided.allCases)
    func noRequests(policy: SequentialPolicy.Undecided) async throws {
        try await withDirectory { directory in
            let answers = Self.answers(factor: 1)
            let backEnd = ScriptedBackEnd { query, window, step throws(SamplingFailure) in
                guard query.hasPrefix("r"), query.contains("canary") else { return try answers(query, window, step) }
                return ScriptedBackEnd.column(window, step) { _ in 0 }
            }
            let plan = Self.plan(policy: SequentialPolicy(undecided: policy))
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 620)
            let last = try #require(harness.topic.verdicts.last)
            #expect(last.metrics[1].judgement.classification == .pass)
            #expect(last.metrics[0].judgement.classification == .undecided)
            #expect(last.kind == .final && last.result == (policy == .fail ? .fail : .inconclusive), "\(last.reason)")
            await harness.store.close()
        }
    }

    @Test("A canary that stops reporting is waited for, and not taken for one without errors")
    func stopsReporting() async throws {
        try await withDirectory { directory in
            let answers = Self.answers(factor: 1)
            let end = EngineHarness.start + .seconds(200)
            let backEnd = ScriptedBackEnd { query, window, step throws(SamplingFailure) in
                var answer = try answers(query, window, step)
                guard query.contains("canary") else { return answer }
                for index in answer.series[0].indices where window.start + step * (index + 1) > end {
                    answer.series[0][index] = .nan
                }
                return answer
            }
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: Self.plan())
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 300)
            #expect(harness.topic.verdicts.last?.hold?.cause == .tooFewSamples)
            try await harness.run(for: 500)
            let last = try #require(harness.topic.verdicts.last)
            #expect(last.kind == .final && last.result == .inconclusive, "\(last.reason)")
            await harness.store.close()
        }
    }

    @Test("A comparison with earlier times waits for no control", arguments: [1.0, 3])
    func earlierTimes(factor: Double) async throws {
        try await withDirectory { directory in
            let release = EngineHarness.start.milliseconds / 1000
            let backEnd = ScriptedBackEnd { _, window, step throws(SamplingFailure) in
                ScriptedBackEnd.column(window, step) { second in
                    (40 + Double(second * 7919 % 101) / 50) * (second > release ? factor : 1)
                }
            }
            var plan = Self.plan(lifetime: .seconds(200))
            plan.scopes.control = .before(.seconds(200))
            plan.metrics.removeFirst()
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 220)
            let last = try #require(harness.topic.verdicts.last)
            #expect(last.kind == .final && last.hold == nil, "\(last.reason)")
            #expect(last.result == (factor > 1 ? .fail : .pass), "\(last.reason)")
            let judgement = last.metrics[0].judgement
            #expect(judgement.sequential?.comparison == .past && judgement.ratio == nil)
            await harness.store.close()
        }
    }

    @Test("Noise is not learned from a part of the time before the release")
    func partOfHistory() async throws {
        try await withDirectory { directory in
            let answers = Self.answers(factor: 1)
            let backEnd = ScriptedBackEnd { query, window, step throws(SamplingFailure) in
                var answer = try answers(query, window, step)
                answer.isPartial = window.end <= EngineHarness.start
                return answer
            }
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: Self.plan())
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 50)
            #expect(harness.topic.verdicts.last?.hold?.cause == .partialData)
            backEnd.replace(answers)
            try await harness.run(for: 570)
            let last = try #require(harness.topic.verdicts.last)
            #expect(last.kind == .final && last.result == .pass, "\(last.reason)")
            #expect(last.metrics[0].judgement.sequential?.noise.source == .learned)
            await harness.store.close()
        }
    }
}
