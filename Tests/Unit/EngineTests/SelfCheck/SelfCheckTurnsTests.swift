import Analysis
import Concurrency
import Engine
import Store
import Synchronization
import Telemetry
import Testing

@Suite("When a release is self-checked")
struct SelfCheckTurnsTests {
    private let clock = ManualClock(EngineHarness.start)

    @Test("A time is checked once by a process, and the next one with other pods")
    func once() async throws {
        try await SelfCheckWorld.open(clock) { world in
            world.backEnd.replace(SelfCheckPods(track: "canary", names: (0..<40).map { "api-\($0)" }).answer)
            let keeper = await world.keeper()
            let outcomes = try await keeper.pass()
            #expect(outcomes.count == 1)
            #expect(try await keeper.pass().isEmpty)
            clock.advance(by: .seconds(600))
            #expect(try await keeper.pass().count == 1)
            let parts = Set(world.backEnd.questions.compactMap { SelfCheckPods.asked($0.query) })
            #expect(parts.count == 4)
            #expect(world.harness.metrics.selfChecks.lastCheck.value() > 0)
        }
    }

    @Test("While a release is open, and until its version has been stable for a lifetime, nothing is checked")
    func open() async throws {
        try await SelfCheckWorld.open(clock) { world in
            let keeper = await world.keeper()
            try await world.harness.receive(EngineHarness.event("2", version: "3.0"))
            let asked = world.backEnd.questions.count
            #expect(try await keeper.pass().isEmpty)
            try await world.harness.run(for: 320)
            try #require(world.harness.topic.verdicts.last?.kind == .final)
            #expect(try await keeper.pass().isEmpty)
            clock.advance(by: .seconds(900))
            #expect(try await keeper.pass().isEmpty)
            #expect(world.backEnd.questions[asked...].allSatisfy { SelfCheckPods.asked($0.query) == nil })
            clock.advance(by: .seconds(1_200))
            #expect(try await keeper.pass().count == 1)
        }
    }

    @Test("A plan that does not tell pods apart is not checked")
    func withoutPods() async throws {
        try await SelfCheckWorld.open(clock, SelfCheckWorld.plan(byPod: false)) { world in
            let outcomes = try await world.outcomes
            #expect(outcomes.isEmpty)
        }
    }

    @Test("Another cluster is a release of its own")
    func clusters() async throws {
        try await SelfCheckWorld.open(clock) { world in
            let answers = SelfCheckPods(track: "canary").answer
            try await world.harness.receive(EngineHarness.event("2", cluster: "eu"))
            world.backEnd.replace(answers)
            #expect(try await world.outcomes.count == 1)
        }
    }

    @Test("The service checks by itself, and goes on after the store was away")
    func service() async throws {
        try await SelfCheckWorld.open(clock) { world in
            world.backEnd.replace(SelfCheckPods(track: "canary").answer)
            let records = AwayOnce(records: world.harness.store)
            let keeper = await world.keeper(records: records)
            let service = Task { try await keeper.run() }
            let checks = world.harness.metrics.selfChecks.checks
            while checks.value("pass") < 2 {
                clock.advance(by: .seconds(10))
                await Task.yield()
            }
            service.cancel()
            try await service.value
            #expect(world.harness.metrics.storeFailures.value("unavailable") == 1)
            #expect(checks.value("pass") >= 2 && checks.value("skipped") == 0)
        }
    }

    /// Does not answer the first time.
    private final class AwayOnce: AnalysisRecords {
        private let records: any AnalysisRecords
        private let isAway = Mutex(true)

        init(records: any AnalysisRecords) {
            self.records = records
        }

        func sessions(_ query: SessionQuery) async throws(StoreError) -> [ListedSession] {
            let isAway = isAway.withLock { isAway in
                defer { isAway = false }
                return isAway
            }
            if isAway { throw StoreError(.unavailable, "away") }
            return try await records.sessions(query)
        }

        func noise(of keys: [NoiseKey]) async throws(StoreError) -> [StoredNoise] { try await records.noise(of: keys) }
    }

    // MARK: - Outages

    @Test("Answers that are too large together end the check")
    func tooLarge() async throws {
        try await SelfCheckWorld.open(clock) { world in
            let answers = SelfCheckPods(track: "canary").answer
            world.backEnd.replace { query, window, step throws(SamplingFailure) in
                var answer = try answers(query, window, step)
                if query.contains("load") {
                    let column = answer.series[0]
                    answer.series = Array(repeating: column, count: 2_097_152 / column.count + 1)
                }
                return answer
            }
            let outcomes = try await world.outcomes
            #expect(outcomes == [.skipped(.tooLarge)])
        }
    }

    @Test("An outage is no outcome: it is skipped, with its reason", arguments: [0, 1, 5])
    func outage(_ answered: Int) async throws {
        try await SelfCheckWorld.open(clock) { world in
            let answers = SelfCheckPods(track: "canary").answer
            let before = world.backEnd.questions.count
            let asked = Mutex(0)
            world.backEnd.replace { query, window, step throws(SamplingFailure) in
                let number = asked.withLock { number in
                    number += 1
                    return number
                }
                guard number <= answered else { throw SamplingFailure(kind: .unreachable, message: "no answer") }
                return try answers(query, window, step)
            }
            let outcomes = try await world.outcomes
            #expect(outcomes == [.skipped(.backEnd)])
            // The first failure is the last question.
            #expect(world.backEnd.questions.count - before == answered + 1)
            #expect(world.harness.metrics.selfChecks.queries.value("failed") == 1)
            #expect(world.harness.metrics.queryFailures.value("unreachable") == 0)
        }
    }

    @Test("A part of an answer is no answer")
    func partial() async throws {
        try await SelfCheckWorld.open(clock) { world in
            let answers = SelfCheckPods(track: "canary").answer
            world.backEnd.replace { query, window, step throws(SamplingFailure) in
                var answer = try answers(query, window, step)
                answer.isPartial = query.contains("load")
                return answer
            }
            let outcomes = try await world.outcomes
            #expect(outcomes == [.skipped(.backEnd)])
        }
    }

    @Test("A query that is refused is skipped, and so is one for too many series")
    func refused() async throws {
        try await SelfCheckWorld.open(clock) { world in
            let answers = SelfCheckPods(track: "canary").answer
            for kind in [SamplingFailure.Kind.badQuery, .tooManySeries] {
                world.backEnd.replace { query, window, step throws(SamplingFailure) in
                    if query.contains("load") { throw SamplingFailure(kind: kind, message: "no") }
                    return try answers(query, window, step)
                }
                let outcomes = try await world.outcomes
                #expect(outcomes == [.skipped(.query)])
            }
        }
    }

    @Test("Nothing is asked while the back end is away, or analyses wait for it")
    func givesWay() async throws {
        try await SelfCheckWorld.open(clock) { world in
            world.backEnd.replace(SelfCheckPods(track: "canary").answer)
            let asked = world.backEnd.questions.count
            let outcomes = try await world.keeper(isAway: { true }).pass().map(\.outcome)
            #expect(outcomes == [.skipped(.backEnd)])
            #expect(try await world.keeper(isBusy: { true }).pass().map(\.outcome) == [.skipped(.busy)])
            #expect(world.backEnd.questions.count == asked)
            let turns = Mutex(0)
            let keeper = await world.keeper(isBusy: {
                turns.withLock { turns in
                    turns += 1
                    return !turns.isMultiple(of: 3)
                }
            })
            let checked = try await keeper.pass().map(\.outcome.name)
            #expect(checked == ["pass"])
        }
    }

    @Test("A stop ends a check at once, and leaves no trace")
    func stop() async throws {
        try await SelfCheckWorld.open(clock) { world in
            let waits = Mutex(0)
            let keeper = await world.keeper(
                pause: .seconds(1),
                isBusy: {
                    waits.withLock { $0 += 1 }
                    return true
                }
            )
            let pass = Task { try await keeper.pass().map(\.outcome) }
            while waits.withLock({ $0 < 3 }) {
                clock.advance(by: .seconds(1))
                await Task.yield()
            }
            pass.cancel()
            let outcomes = try await pass.value
            #expect(outcomes.isEmpty)
            for outcome in SelfCheckOutcome.names { #expect(world.count(outcome) == 0) }
        }
    }

    // MARK: - Replicas

    @Test("Of several replicas one checks a time")
    func replicas() async throws {
        try await SelfCheckWorld.open(clock) { world in
            world.backEnd.replace(SelfCheckPods(track: "canary").answer)
            var checks: [[Int]] = []
            for _ in 0..<12 {
                clock.advance(by: .seconds(600))
                // Checked in anew, so that each knows of the others.
                for name in ["a", "b", "c"] { _ = await world.keeper(name) }
                var counts: [Int] = []
                for name in ["a", "b", "c"] { counts.append(try await world.keeper(name).pass().count) }
                checks.append(counts)
            }
            #expect(checks.allSatisfy { $0.reduce(0, +) == 1 })
            // It is not always the same one.
            #expect(Set(checks).count > 1)
        }
    }
}
