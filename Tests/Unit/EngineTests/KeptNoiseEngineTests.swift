import Analysis
import Concurrency
import Engine
import Foundation
import Judging
import Store
import Telemetry
import Testing

@Suite("Noise from release to release")
struct KeptNoiseEngineTests {
    private let clock = ManualClock(EngineHarness.start)

    /// Releases one after the other, each for as long as it takes.
    private func withEngine(_ body: (EngineHarness, ScriptedBackEnd) async throws -> Void) async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(SequentialEngineTests.answers(factor: 1))
            let plan = SequentialEngineTests.plan()
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await body(harness, backEnd)
            await harness.store.close()
        }
    }

    private func release(_ id: String, _ harness: EngineHarness, weight: Double? = nil) async throws -> Verdict {
        try await harness.receive(EngineHarness.event(id, version: "\(id).0", weight: weight))
        try await harness.run(for: 640)
        return try #require(harness.topic.verdicts.last { $0.kind == .final && $0.version == "\(id).0" })
    }

    private func noise(_ verdict: Verdict) throws -> NoiseEvidence {
        try #require(verdict.metrics[0].judgement.sequential).noise
    }

    /// The back end knows nothing of the time before `time`.
    private static func forgetful(before time: Timestamp, factor: Double = 1) -> ScriptedBackEnd.Answer {
        let answers = SequentialEngineTests.answers(factor: factor)
        return { query, window, step throws(SamplingFailure) in
            var answer = try answers(query, window, step)
            for index in answer.series[0].indices where window.start + step * (index + 1) <= time {
                answer.series[0][index] = .nan
            }
            return answer
        }
    }

    @Test("What a release that passed has learned the next one goes by, where the back end has forgotten")
    func nextRelease() async throws {
        try await withEngine { harness, backEnd in
            let first = try await release("1", harness)
            #expect(first.result == .pass)
            let learned = try noise(first)
            #expect(learned.source == .learned)
            backEnd.replace(Self.forgetful(before: clock.now()))
            let second = try await release("2", harness)
            let kept = try noise(second)
            #expect(kept.source == .kept && kept.learnedAt == EngineHarness.start.milliseconds)
            #expect(kept.historyUnits == learned.historyUnits)
            // Of the errors, and of the load.
            #expect(harness.metrics.judge.noise.value("kept") == 2)
            // With a history of its own a release goes by that, and it takes the place of what was kept.
            backEnd.replace(SequentialEngineTests.answers(factor: 1))
            let third = try await release("3", harness)
            #expect(try noise(third).source == .learned)
            backEnd.replace(Self.forgetful(before: clock.now()))
            let fourth = try noise(try await release("4", harness))
            #expect(fourth.source == .kept && fourth.learnedAt.map { $0 > EngineHarness.start.milliseconds } == true)
        }
    }

    @Test("Of a release that failed nothing is kept")
    func failed() async throws {
        try await withEngine { harness, backEnd in
            backEnd.replace(SequentialEngineTests.answers(factor: 10))
            #expect(try await release("1", harness).result == .fail)
            backEnd.replace(Self.forgetful(before: clock.now()))
            let second = try await release("2", harness)
            #expect(try noise(second).source == .assumed)
        }
    }

    @Test("Of a release that did not pass for its split nothing is kept")
    func undecided() async throws {
        try await withEngine { harness, backEnd in
            #expect(try await release("1", harness, weight: 40).result == .inconclusive)
            backEnd.replace(Self.forgetful(before: clock.now()))
            let second = try await release("2", harness)
            #expect(try noise(second).source == .assumed)
        }
    }

    @Test("What is older than thirty days is not gone by")
    func old() async throws {
        try await withEngine { harness, backEnd in
            #expect(try await release("1", harness).result == .pass)
            clock.advance(by: StoredNoise.longestAge)
            backEnd.replace(Self.forgetful(before: clock.now()))
            let second = try await release("2", harness)
            #expect(try noise(second).source == .assumed)
        }
    }

    @Test("A partial history is not waited for where noise is kept, and held where none is")
    func partial() async throws {
        try await withEngine { harness, backEnd in
            let answers = SequentialEngineTests.answers(factor: 1)
            func partial(before time: Timestamp) -> ScriptedBackEnd.Answer {
                { query, window, step throws(SamplingFailure) in
                    var answer = try answers(query, window, step)
                    answer.isPartial = window.end <= time && !query.hasPrefix("load")
                    return answer
                }
            }
            #expect(try await release("1", harness).result == .pass)
            backEnd.replace(partial(before: clock.now()))
            let second = try await release("2", harness)
            #expect(second.result == .pass)
            #expect(try noise(second).source == .kept)
        }
    }
}
