import Analysis
import Concurrency
import Engine
import Foundation
import Judging
import Store
import Testing

@Suite struct SessionEngineTests {
    private let clock = ManualClock(EngineHarness.start)

    @Test func aHealthyReleasePassesAndABadOneFailsEarly() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 70)
            #expect(harness.topic.verdicts.map(\.kind) == [.interim, .interim, .final])
            #expect(harness.topic.verdicts.last?.result == .pass)
            backEnd.replace(ScriptedBackEnd.sides { 100 + Double($0 % 7) })
            try await harness.receive(EngineHarness.event("2", version: "3.0"))
            try await harness.run(for: 30)
            #expect(harness.topic.verdicts.last?.kind == .final)
            #expect(harness.topic.verdicts.last?.result == .fail)
            #expect(harness.topic.verdicts.last?.version == "3.0")
            await harness.store.close()
        }
    }

    @Test func eachLookAsksOnlyForWhatIsNew() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 70)
            let sizes = backEnd.questions.filter { $0.query.contains("canary") }.map(\.window.duration)
            #expect(sizes == [.seconds(20), .seconds(22), .seconds(22)])
            let queries = Set(backEnd.questions.map(\.query))
            #expect(queries == [#"e{track="canary"}"#, #"e{track="stable"}"#])
            await harness.store.close()
        }
    }

    @Test func aRestartAtAnyPointGivesExactlyTheVerdictsOfAnUndisturbedRun() async throws {
        var expected: [Verdict]?
        for restart in [nil, 1, 21, 22, 23, 41, 42, 43, 61, 62, 63] as [Int?] {
            try await withDirectory { directory in
                let clock = ManualClock(EngineHarness.start)
                let topic = RecordingSink(.verdicts)
                let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
                let first = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, topic: topic)
                try await first.receive(EngineHarness.event("1"))
                if let restart {
                    try await first.run(for: restart)
                    // Claimed and never finished: what a killed process leaves behind.
                    let claim = LeaseClaim(owner: "killed", now: clock.now(), until: clock.now() + .seconds(120))
                    _ = try await first.store.claimDueSessions(claim, limit: 10)
                    await first.store.close()
                    let second = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, topic: topic)
                    try await second.run(for: 70 - restart)
                    await second.store.close()
                } else {
                    try await first.run(for: 70)
                    await first.store.close()
                }
                #expect(topic.verdicts.count == 3)
                if let expected {
                    #expect(topic.verdicts.map(\.id) == expected.map(\.id), "restart at \(restart ?? 0)")
                    #expect(topic.verdicts.map(\.metrics) == expected.map(\.metrics), "restart at \(restart ?? 0)")
                } else {
                    expected = topic.verdicts
                }
            }
        }
    }

    @Test func anOutageHoldsAndTheMissedSamplesAreFetchedAfterwards() async throws {
        try await withDirectory { directory in
            let healthy = ScriptedBackEnd.sides { 10 + Double($0 % 7) }
            let backEnd = ScriptedBackEnd { _, _, _ throws(SamplingFailure) in
                throw SamplingFailure(kind: .unreachable, message: "connection refused")
            }
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 100)
            #expect(harness.topic.verdicts.map(\.hold?.cause) == [.unreachable])
            #expect(harness.topic.verdicts.map(\.result) == [.inconclusive])
            backEnd.replace(healthy)
            try await harness.run(for: 30)
            let final = try #require(harness.topic.verdicts.last)
            #expect(final.kind == .final)
            #expect(final.result == .pass)
            #expect(final.metrics[0].judgement.control.count == 60)
            await harness.store.close()
        }
    }

    @Test func anOutageThatLastsEndsInconclusiveNeverFailed() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd { _, _, _ throws(SamplingFailure) in
                throw SamplingFailure(kind: .overloaded, message: "503")
            }
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 200)
            let final = try #require(harness.topic.verdicts.last)
            #expect((final.kind, final.status, final.result) == (.final, .errored, .inconclusive))
            #expect(!harness.topic.verdicts.contains { $0.result == .fail })
            await harness.store.close()
        }
    }

    @Test func twoSeriesAreAnErrorUnlessThePlanCombinesThem() async throws {
        for (combine, result) in [(nil, JudgementResult.inconclusive), (.sum, .pass)]
            as [(SeriesCombination?, JudgementResult)]
        {
            try await withDirectory { directory in
                let clock = ManualClock(EngineHarness.start)
                let backEnd = ScriptedBackEnd { _, window, step throws(SamplingFailure) in
                    let column = ScriptedBackEnd.column(window, step) { 10 + Double($0 % 7) }.series[0]
                    return BackEndAnswer(series: [column, column])
                }
                var plan = EngineHarness.plan()
                plan.metrics[0].combine = combine
                let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
                try await harness.receive(EngineHarness.event("1"))
                try await harness.run(for: 70)
                let final = try #require(harness.topic.verdicts.last)
                #expect(final.result == result)
                if combine == nil {
                    #expect(final.status == .errored)
                    #expect(final.reason.contains("2 series where one is meant"))
                }
                await harness.store.close()
            }
        }
    }

    @Test func beforeComparesWithTheSameSeriesEarlier() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
            var plan = EngineHarness.plan()
            plan.scopes.control = .before(.seconds(3600))
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 25)
            #expect(Set(backEnd.questions.map(\.query)) == [#"e{track="canary"}"#])
            let starts = Set(backEnd.questions.map(\.window.start))
            #expect(starts == [EngineHarness.start, EngineHarness.start - .seconds(3600)])
            await harness.store.close()
        }
    }

    @Test func aNewerVersionSupersedesAndALateOlderOneIsSupersededAtOnce() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock)
            try await harness.receive(EngineHarness.event("1", time: EngineHarness.start))
            clock.advance(by: .seconds(5))
            try await harness.receive(EngineHarness.event("2", version: "3.0", time: clock.now()))
            try await harness.receive(EngineHarness.event("0", version: "1.0", time: EngineHarness.start - .seconds(9)))
            try await harness.run(for: 80)
            let finals = harness.topic.verdicts.filter { $0.kind == .final }
            #expect(finals.map(\.version) == ["2.0", "1.0", "3.0"])
            #expect(finals.map(\.status) == [.cancelled, .cancelled, .completed])
            await harness.store.close()
        }
    }

    @Test func aDeploymentToAnotherClusterEndsNoAnalysis() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock)
            for (id, version, cluster) in [("1", "2.0", "eu"), ("2", "2.0", "us"), ("3", "3.0", nil)] {
                try await harness.receive(EngineHarness.event(id, version: version, cluster: cluster))
            }
            // Of the same version in both clusters, the withdrawal names one.
            try await harness.receive(EngineHarness.event("4", phase: .cancelled, cluster: "eu"))
            try await harness.run(for: 80)
            var finals = harness.topic.verdicts.filter { $0.kind == .final }
            #expect(finals.map(\.deployEvent.id).sorted() == ["1", "2", "3"])
            #expect(finals.filter { $0.status == .cancelled }.map(\.deployEvent.id) == ["1"])
            // One that names none is about both.
            try await harness.receive(EngineHarness.event("5", version: "4.0", cluster: "eu"))
            try await harness.receive(EngineHarness.event("6", version: "4.0", cluster: "us"))
            try await harness.receive(EngineHarness.event("7", version: "4.0", phase: .cancelled))
            try await harness.run(for: 5)
            finals = harness.topic.verdicts.filter { $0.version == "4.0" }
            #expect(finals.map(\.status) == [.cancelled, .cancelled])
            await harness.store.close()
        }
    }

    @Test func theSameVersionAgainUpdatesAndACancellationEnds() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.receive(EngineHarness.event("2"))
            #expect(try await harness.store.sessions(SessionQuery()).count == 1)
            try await harness.receive(EngineHarness.event("3", phase: .cancelled))
            try await harness.run(for: 5)
            #expect(harness.topic.verdicts.map(\.status) == [.cancelled])
            await harness.store.close()
        }
    }

    @Test func eventsWithoutAPlanOrTooOldGetAVerdictThatSaysSo() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: nil)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.receive(EngineHarness.event("2", time: EngineHarness.start - .seconds(90_000)))
            try await harness.run(for: 1)
            #expect(harness.topic.verdicts.map(\.status) == [.errored, .cancelled])
            #expect(harness.topic.verdicts[0].reason == "no plan: none matches")
            #expect(harness.topic.verdicts[1].reason.hasPrefix("expired"))
            await harness.store.close()
        }
    }

    /// Its clock stands still, and so does its loop.
    @Test func anEngineThatStandsStillIsMissed() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { _ in 1 })
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock)
            let running = Task { try await harness.engine.run() }
            let long = HeartbeatRegister.taskLimit + .seconds(1)
            while harness.pulses.stalled(at: .now + long) != ["engine"] { await Task.yield() }
            #expect(harness.pulses.stalled(at: .now + long / 2).isEmpty)
            running.cancel()
            try await running.value
            #expect(harness.pulses.stalled(at: .now + long).isEmpty)
            await harness.store.close()
        }
    }
}
