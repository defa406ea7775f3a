import Analysis
import Concurrency
import Engine
import Foundation
import Judging
import Store
import Telemetry
import Testing

/// What the verdicts of the sequential judge say about time: what can be found, and how the effect went.
@Suite("The course of a sequential analysis")
struct SequentialCourseTests {
    private let clock = ManualClock(EngineHarness.start)

    private func withEngine(
        _ plan: AnalysisPlan = SequentialEngineTests.plan(lifetime: .seconds(120)),
        _ answers: @escaping ScriptedBackEnd.Answer = SequentialEngineTests.answers(factor: 1.2),
        _ body: (EngineHarness, ScriptedBackEnd) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(answers)
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await body(harness, backEnd)
            await harness.store.close()
        }
    }

    @Test("The first verdict says of each metric what can be found, by what the control had; no later one does")
    func outlook() async throws {
        try await withEngine { harness, _ in
            try await harness.receive(EngineHarness.event("1", weight: 10))
            try await harness.run(for: 150)
            let verdicts = harness.topic.verdicts
            let outlook = try #require(verdicts.first?.metrics[0].outlook)
            #expect(outlook.hasPrefix("0.98 % errors of 10682 requests a minute, 10 % of them for the new version: "))
            #expect(outlook.contains("visible after about"), "\(outlook)")
            #expect(verdicts.first?.metrics[1].outlook?.contains("at the earliest") == true)
            let later = verdicts.filter { $0.look > 1 }
            #expect(!later.isEmpty && later.allSatisfy { $0.metrics.allSatisfy { $0.outlook == nil } })
        }
    }

    @Test("Without a history it says how many events that takes")
    func noHistory() async throws {
        let answers = SequentialEngineTests.answers(factor: 1.2)
        let silent: ScriptedBackEnd.Answer = { query, window, step throws(SamplingFailure) in
            window.start < EngineHarness.start ? BackEndAnswer(series: []) : try answers(query, window, step)
        }
        try await withEngine(SequentialEngineTests.plan(lifetime: .seconds(120)), silent) { harness, _ in
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 25)
            let first = try #require(harness.topic.verdicts.first)
            #expect(first.metrics[0].outlook?.hasPrefix("needs errors of both sides together: about ") == true)
        }
    }

    @Test("After an outage the first verdict that knows the control says it")
    func outage() async throws {
        let down: ScriptedBackEnd.Answer = { _, _, _ throws(SamplingFailure) in
            throw SamplingFailure(kind: .unreachable, message: "refused")
        }
        try await withEngine(SequentialEngineTests.plan(lifetime: .seconds(120)), down) { harness, backEnd in
            try await harness.receive(EngineHarness.event("1", weight: 10))
            try await harness.run(for: 50)
            #expect(harness.topic.verdicts.allSatisfy { $0.metrics[0].outlook == nil })
            backEnd.replace(SequentialEngineTests.answers(factor: 1.2))
            try await harness.run(for: 100)
            let said = harness.topic.verdicts.compactMap { $0.metrics[0].outlook }
            #expect(said.count == 1 && said[0].contains("visible after about"), "\(said)")
        }
    }

    @Test("The final verdict has the effect at each look as its verdict had it; interim ones have none")
    func trail() async throws {
        try await withEngine { harness, _ in
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 150)
            let verdicts = harness.topic.verdicts
            let final = try #require(verdicts.last)
            #expect(final.kind == .final)
            for index in final.metrics.indices {
                let judged = verdicts.compactMap { verdict in
                    verdict.metrics[index].judgement.sequential.flatMap { $0.effect == nil ? nil : (verdict.look, $0) }
                }
                let trail = final.metrics[index].trail
                #expect(trail.map(\.look) == judged.map(\.0) && judged.count > 3)
                for (point, (_, evidence)) in zip(trail, judged) {
                    let effect = try #require(evidence.effect)
                    #expect(abs(point.ratio - effect.estimate) < 1e-3)
                    #expect(abs(point.lower - effect.lower) < 1e-3 && abs(point.upper - effect.upper) < 1e-3)
                    #expect(abs(point.evidence - evidence.harmEvidence) < 1e-3)
                }
            }
            #expect(verdicts.dropLast().allSatisfy { $0.metrics.allSatisfy(\.trail.isEmpty) })
            let kept = try await harness.store.verdicts(ofSession: final.session)
            #expect(kept.last?.metrics == final.metrics)
        }
    }

    @Test("Decisions, late samples, skipped pieces and the noise are counted")
    func metrics() async throws {
        let answers = SequentialEngineTests.answers(factor: 1)
        let clock = clock
        let late: ScriptedBackEnd.Answer = { query, window, step throws(SamplingFailure) in
            var answer = try answers(query, window, step)
            for index in answer.series[0].indices where query.contains("canary") {
                let instant = window.start + step * (index + 1)
                let isLate = instant == EngineHarness.start + .seconds(45)
                if isLate, clock.now() < EngineHarness.start + .seconds(75) { answer.series[0][index] = .nan }
            }
            return answer
        }
        try await withEngine(SequentialEngineTests.plan(), late) { harness, backEnd in
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 620)
            let judge = harness.metrics.judge
            #expect(judge.decisions.value("sequential", "early", "pass") == 1)
            #expect(judge.looks.value("sequential", "pass") == 1)
            #expect(judge.noise.value("learned") == 2 && judge.noise.value("measured") == 0)
            // Errors, requests of them, and the load.
            #expect(judge.lateSamples.value() == 2)
            #expect(judge.skippedUnits.value() >= 1)
            #expect(judge.heldPasses.value("split") == 0)
            backEnd.replace(SequentialEngineTests.answers(factor: 10))
            try await harness.receive(EngineHarness.event("2", version: "3.0"))
            try await harness.run(for: 90)
            #expect(judge.decisions.value("sequential", "early", "fail") == 1)
            #expect(judge.noise.value("learned") == 4)
        }
    }

    @Test("A pass that the split holds back is counted, and what is open at the end as inconclusive")
    func heldPasses() async throws {
        try await withEngine(SequentialEngineTests.plan(), SequentialEngineTests.answers(factor: 1)) { harness, _ in
            try await harness.receive(EngineHarness.event("1", weight: 40))
            try await harness.run(for: 620)
            let judge = harness.metrics.judge
            #expect(judge.heldPasses.value("split") > 0 && judge.heldPasses.value("suspicion") == 0)
            #expect(judge.decisions.value("sequential", "last", "inconclusive") == 1)
        }
    }
}
