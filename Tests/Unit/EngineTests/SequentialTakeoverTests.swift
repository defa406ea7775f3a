import Analysis
import Concurrency
import Engine
import Judging
import Store
import Testing

@Suite("Replicas that share an analysis of a judge with states")
struct SequentialTakeoverTests {
    @Test("A harmful release fails early and a healthy one passes early", arguments: EngineStore.available)
    func decidesEarly(kind: EngineStore) async throws {
        for (factor, expected) in [(1.0, JudgementResult.pass), (10, .fail)] {
            try await kind.withReplicas { store, _ in
                let clock = ManualClock(EngineHarness.start)
                let harness = EngineHarness(
                    store: store,
                    backEnd: ScriptedBackEnd(SequentialEngineTests.answers(factor: factor)),
                    clock: clock,
                    plan: SequentialEngineTests.plan()
                )
                try await harness.receive(EngineHarness.event("1"))
                try await harness.run(for: 30)
                let id = try #require(try await store.sessions(SessionQuery(limit: 10)).first?.session?.id)
                let states = try await store.states(ofSession: id)
                #expect(states.map(\.metric) == [0, 1])
                for state in states { _ = try SequentialState(decoding: state.bytes) }
                while harness.topic.verdicts.last?.kind != .final, clock.now() < EngineHarness.start + .seconds(620) {
                    try await harness.run(for: 20)
                }
                let last = try #require(harness.topic.verdicts.last)
                #expect(last.kind == .final && last.result == expected && last.look < last.looks, "\(last.reason)")
                #expect(try await store.states(ofSession: id).isEmpty)
            }
        }
    }

    /// What a run has made: the states shortly before its end, and the last verdict.
    private struct Outcome: Equatable {
        var states: [StoredMetricState]
        var id: String
        var metrics: [MetricVerdict]
    }

    @Test("A replica goes on where another died, to the bit", arguments: EngineStore.available)
    func takeover(kind: EngineStore) async throws {
        var expected: Outcome?
        for moment in [nil, 21, 23, 43, 62, 83, 102] as [Int?] {
            try await kind.withReplicas { one, other in
                let clock = ManualClock(EngineHarness.start)
                let topic = RecordingSink(.verdicts)
                let backEnd = ScriptedBackEnd(SequentialEngineTests.answers(factor: 1.2))
                func replica(_ store: any Store) -> EngineHarness {
                    let plan = SequentialEngineTests.plan(lifetime: .seconds(120))
                    return EngineHarness(store: store, backEnd: backEnd, clock: clock, topic: topic, plan: plan)
                }
                let first = replica(one)
                try await first.receive(EngineHarness.event("1"))
                try await first.run(for: moment ?? 119)
                var late = StoreChange()
                if let moment {
                    // The next look is claimed when it is due, and its replica is never heard of until all is decided.
                    while late.written.isEmpty {
                        clock.advance(by: .seconds(1))
                        let claim = LeaseClaim(owner: "dies", now: clock.now(), until: clock.now() + .seconds(15))
                        late.written = try await one.claimDueSessions(claim, limit: 10)
                    }
                    let passed = Int((clock.now().milliseconds - EngineHarness.start.milliseconds) / 1000)
                    #expect(passed >= moment)
                    try await replica(other).run(for: max(0, 119 - passed))
                }
                let id = try #require(try await other.sessions(SessionQuery(limit: 10)).first?.session?.id)
                let states = try await other.states(ofSession: id)
                try await replica(other).run(for: 40)
                let last = try #require(topic.verdicts.last)
                #expect(last.kind == .final)
                let outcome = Outcome(states: states, id: last.id, metrics: last.metrics)
                if let expected {
                    #expect(outcome == expected, "taken over at \(moment ?? 0)")
                    late.states = [StoredMetricState(session: id, metric: 0, bytes: [1])]
                    await #expect(throws: StoreError.self) { try await one.commit(late) }
                    #expect(try await other.states(ofSession: id).isEmpty)
                } else {
                    #expect(states.count == 2)
                    expected = outcome
                }
            }
        }
    }
}
