import Analysis
import Concurrency
import EventFormats
import Judging
import Kafka
import Testing

@testable import Rollout

@Suite(.timeLimit(.minutes(5))) struct RolloutControllerTests {
    private static let transient = FakeActuator.Answer.failure(ActuatorError(.transient, "Not reached."))

    @Test func aVerdictIsActedOnPublishedAndLetGo() async throws {
        let harness = Harness()
        harness.source.give(Fixture.verdict())
        await harness.source.done.wait(for: 1)
        #expect(harness.actuator.performed.all.map(\.kind) == [.promote])
        let action = try Fixture.rolloutAction(try #require(harness.sink.sent.all.first))
        #expect(action.id == RolloutAction.id(verdictID: "v1", actuator: "fake"))
        #expect(action.outcome == .done)
        #expect(action.detail == "Done.")
        #expect(action.at == Fixture.start)
        try await harness.finish()
        #expect(harness.source.isClosed)
        #expect(harness.statistics.snapshot.backlog == 0)
    }

    @Test func repeatsInterimAndForeignVerdictsAreLetGoInSilence() async throws {
        let policy = RolloutPolicy(releases: PlanMatch(environments: ["production"]))
        let harness = Harness(configuration: RolloutConfiguration(policy: policy))
        harness.source.give(Fixture.verdict("i", kind: .interim))
        harness.source.give(Fixture.verdict("f"))
        harness.source.give(Fixture.verdict("f"))
        harness.source.give(Fixture.verdict("x", session: "s9", environment: "staging"))
        await harness.source.done.wait(for: 4)
        try await harness.finish()
        #expect(try harness.actions() == ["f promote done"])
        #expect(harness.actuator.performed.all.count == 1)
        #expect(harness.statistics.snapshot.dropped == [.interim: 1, .repeated: 1, .outOfScope: 1])
        #expect(harness.statistics.snapshot.verdicts == [.interim: 1, .final: 3])
    }

    @Test func holdsAndErroredVerdictsArePublishedButNotPerformed() async throws {
        let harness = Harness()
        harness.source.give(Fixture.verdict("a", session: "s1", result: .marginal))
        await harness.source.done.wait(for: 1)
        harness.source.give(Fixture.verdict("b", session: "s2", status: .errored, result: .inconclusive, opened: 9))
        await harness.source.done.wait(for: 1)
        harness.source.give(Fixture.verdict("c", session: "s0", result: .fail))
        await harness.source.done.wait(for: 1)
        try await harness.finish()
        #expect(try harness.actions() == ["a hold skipped", "b none skipped", "c none skipped"])
        #expect(harness.actuator.performed.all.isEmpty)
    }

    @Test func aDryRunActsOnNothing() async throws {
        let harness = Harness(configuration: RolloutConfiguration(policy: RolloutPolicy(dryRun: true)))
        harness.source.give(Fixture.verdict("a", result: .fail))
        await harness.source.done.wait(for: 1)
        try await harness.finish()
        #expect(try harness.actions() == ["a abort dryRun"])
        #expect(harness.actuator.performed.all.isEmpty)
    }

    @Test func malformedRecordsGoToTheDeadLetterTopicUntouched() async throws {
        let harness = Harness()
        let headers = [KafkaHeader(key: "ce_type", value: Array("dev.assay.verdict.v1".utf8))]
        harness.source.give {
            KafkaRecord(
                topic: "canary.verdicts",
                partition: 3,
                offset: $0,
                timestampMilliseconds: 7,
                key: [1],
                value: [0xFF],
                headers: headers
            )
        }
        harness.source.give { KafkaRecord(topic: "canary.verdicts", partition: 3, offset: $0, key: [1], value: nil) }
        harness.source.give {
            KafkaRecord(topic: "canary.verdicts", partition: 3, offset: $0, value: nil, oversize: 1 << 30)
        }
        harness.source.give(Fixture.verdict())
        await harness.source.done.wait(for: 4)
        try await harness.finish()
        let letters = harness.source.letters.all
        #expect(letters.count == 2)
        let letter = try #require(letters.first)
        #expect(letter.record.key == [1] && letter.record.value == [0xFF])
        #expect(letter.record.headers.map(\.name) == headers.map(\.key))
        #expect(
            letter.origin
                == DeadLetter.Origin(topic: "canary.verdicts", partition: 3, offset: 0, timestampMilliseconds: 7)
        )
        #expect(letter.reason == "missingAttribute" && !letter.message.isEmpty)
        #expect(letters.last?.oversize == 1 << 30)
        #expect(harness.statistics.snapshot.deadLetters == 2)
        #expect(harness.statistics.snapshot.skipped == [.tombstone: 1])
        #expect(try harness.actions() == ["v1 promote done"])
    }

    @Test func oneReleasesVerdictsAreAnsweredInOrder() async throws {
        let harness = Harness(actuator: FakeActuator(["shop": [Self.transient, Self.transient]]))
        for index in 0..<20 {
            harness.source.give(Fixture.verdict("v\(index)", session: "s\(index)", opened: Int64(index)))
        }
        await harness.source.done.wait(for: 20)
        try await harness.finish()
        let answered = try harness.actions().map { $0.split(separator: " ")[0] }
        #expect(answered == (0..<20).map { "v\($0)" })
        #expect(harness.source.done.all == Array(0..<20))
    }

    @Test func applicationsAreActedOnAtTheSameTimeUpToALimit() async throws {
        let hold = AsyncSemaphore(permits: 0)
        let harness = Harness(
            configuration: RolloutConfiguration(maximumConcurrency: 3),
            actuator: FakeActuator(hold: hold)
        )
        for index in 0..<10 {
            harness.source.give(Fixture.verdict("v\(index)", session: "s\(index)", application: "app\(index)"))
        }
        await harness.actuator.performed.wait(for: 3)
        for _ in 0..<10 { hold.leave() }
        await harness.source.done.wait(for: 10)
        try await harness.finish()
        #expect(harness.actuator.mostAtATime == 3)
    }

    @Test func aRetryHoldsUpNobodyElse() async throws {
        let pauses = AsyncSemaphore(permits: 0)
        let harness = Harness(
            configuration: RolloutConfiguration(maximumConcurrency: 1),
            actuator: FakeActuator(["shop": [Self.transient]]),
            time: TestTime(held: pauses)
        )
        harness.source.give(Fixture.verdict("a"))
        await harness.time.pauses.wait(for: 1)
        harness.source.give(Fixture.verdict("b", application: "till"))
        await harness.source.done.wait(for: 1)
        #expect(try harness.actions() == ["b promote done"])
        pauses.leave()
        await harness.source.done.wait(for: 1)
        try await harness.finish()
        #expect(try harness.actions() == ["b promote done", "a promote done"])
        #expect(harness.statistics.snapshot.retries == 1)
    }

    @Test(arguments: [
        Fixture.verdict("b", session: "s2", result: .fail, environment: "staging"),
        Fixture.verdict("b", session: "s2", result: .fail, cluster: "west"),
        Fixture.verdict("b", session: "s2", result: .fail, namespace: "shop-eu"),
    ])
    func aPassThatWaitsHoldsUpNoAbortOfTheApplicationElsewhere(abort: Verdict) async throws {
        let waiting = FakeActuator.Answer.failure(ActuatorError(.notYet, "Between two pauses."))
        let pauses = AsyncSemaphore(permits: 0)
        let harness = Harness(actuator: FakeActuator(["shop": [waiting]]), time: TestTime(held: pauses))
        harness.source.give(Fixture.verdict("a"))
        await harness.time.pauses.wait(for: 1)
        harness.source.give(abort)
        await harness.source.done.wait(for: 1)
        #expect(try harness.actions() == ["b abort done"])
        #expect(harness.statistics.snapshot.backEndTrouble == nil)
        pauses.leave()
        await harness.source.done.wait(for: 1)
        try await harness.finish()
        #expect(try harness.actions() == ["b abort done", "a promote done"])
    }

    @Test func aNewerReleaseEndsTheRetriesOfAnOlderOne() async throws {
        let pauses = AsyncSemaphore(permits: 0)
        let harness = Harness(actuator: FakeActuator(["shop": [Self.transient]]), time: TestTime(held: pauses))
        harness.source.give(Fixture.verdict("a", session: "s1", result: .fail))
        await harness.time.pauses.wait(for: 1)
        harness.source.give(Fixture.verdict("b", session: "s2", kind: .interim, version: "1.2", opened: 30))
        // Its being taken in shows when a verdict behind it is done.
        harness.source.give(Fixture.verdict("c", session: "s3", application: "till"))
        await harness.source.done.wait(for: 1)
        pauses.leave()
        await harness.source.done.wait(for: 2)
        try await harness.finish()
        #expect(try harness.actions() == ["c promote done", "a none skipped"])
        #expect(harness.actuator.performed.all.filter { $0.verdict.application == "shop" }.count == 1)
    }

    @Test func transientFailuresEndAtTheDeadline() async throws {
        let answers = Array(repeating: Self.transient, count: 100)
        let harness = Harness(actuator: FakeActuator(["shop": answers]))
        harness.source.give(Fixture.verdict())
        await harness.source.done.wait(for: 1)
        try await harness.finish()
        #expect(try harness.actions() == ["v1 promote failed"])
        let pauses = harness.time.pauses.all
        #expect(
            pauses.prefix(7) == [
                .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(16), .seconds(32), .seconds(60),
            ]
        )
        #expect(pauses.reduce(.zero, +) <= .seconds(900))
        #expect(pauses.reduce(.zero, +) > .seconds(800))
    }

    @Test(arguments: [
        (ActuatorError.Code.permanent, "v1 promote failed"), (.superseded, "v1 none skipped"),
    ])
    func otherFailuresAreNotRetried(code: ActuatorError.Code, published: String) async throws {
        let harness = Harness(actuator: FakeActuator(["shop": [.failure(ActuatorError(code, "No."))]]))
        harness.source.give(Fixture.verdict())
        await harness.source.done.wait(for: 1)
        try await harness.finish()
        #expect(try harness.actions() == [published])
        #expect(harness.time.pauses.all.isEmpty)
    }

    @Test func aGuardThatHoldsIsPublishedAsHold() async throws {
        let harness = Harness(actuator: FakeActuator(["shop": [.success(.held("No revision."))]]))
        harness.source.give(Fixture.verdict())
        await harness.source.done.wait(for: 1)
        try await harness.finish()
        #expect(try harness.actions() == ["v1 hold skipped"])
    }

    @Test func readingPausesWhileTheBacklogIsFull() async throws {
        let hold = AsyncSemaphore(permits: 0)
        let harness = Harness(
            configuration: RolloutConfiguration(maximumConcurrency: 1, maximumBacklog: 4),
            actuator: FakeActuator(hold: hold)
        )
        for index in 0..<12 {
            harness.source.give(Fixture.verdict("v\(index)", session: "s\(index)", application: "app\(index)"))
        }
        await harness.source.pauses.wait(for: 1)
        #expect(harness.source.done.all.isEmpty)
        #expect(harness.statistics.snapshot.backlog == 4)
        for _ in 0..<12 { hold.leave() }
        await harness.source.done.wait(for: 12)
        try await harness.finish()
        #expect(harness.source.pauses.all.prefix(2) == [true, false])
    }
}
