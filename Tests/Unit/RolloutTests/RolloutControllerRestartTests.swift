import Analysis
import Concurrency
import EventFormats
import Judging
import Kafka
import Testing

@testable import Rollout

@Suite(.timeLimit(.minutes(5))) struct RolloutControllerRestartTests {
    private static let refused = KafkaError(code: .other, message: "Refused.")
    private static let timedOut = KafkaError(code: .timedOut, message: "Late.", isRetriable: true)

    @Test func whatWasPublishedIsNotDoneAgainAfterARestart() async throws {
        let first = Harness()
        first.source.give(Fixture.verdict("a"))
        first.source.give(Fixture.verdict("b", session: "s2", version: "1.2", opened: 100))
        await first.source.done.wait(for: 2)
        try await first.finish()

        let second = Harness(history: FakeHistory(first.sink.sent.all))
        second.source.give(Fixture.verdict("a"))
        second.source.give(Fixture.verdict("b", session: "s2", version: "1.2", opened: 100))
        second.source.give(Fixture.verdict("c", session: "s0", result: .fail, opened: -100))
        await second.source.done.wait(for: 3)
        try await second.finish()
        #expect(second.actuator.performed.all.isEmpty)
        #expect(try second.actions() == ["c none skipped"])
    }

    @Test func aCrashBetweenActingAndPublishingRepeatsTheSameAction() async throws {
        let first = Harness(sink: FakeSink(failures: [Self.refused]))
        first.source.give(Fixture.verdict())
        await #expect(throws: KafkaError.self) { try await first.end() }
        #expect(first.actuator.performed.all.count == 1)
        #expect(first.source.done.all.isEmpty)
        #expect(first.source.isClosed)

        let second = Harness(history: FakeHistory(first.sink.sent.all))
        second.source.give(Fixture.verdict())
        await second.source.done.wait(for: 1)
        try await second.finish()
        #expect(second.actuator.performed.all == first.actuator.performed.all)
        let attempted = try Fixture.rolloutAction(try #require(first.sink.attempts.all.first))
        let published = try Fixture.rolloutAction(try #require(second.sink.sent.all.first))
        #expect(attempted.id == published.id)
    }

    @Test func publishingIsTriedAgainWithoutActingAgain() async throws {
        let harness = Harness(sink: FakeSink(failures: [Self.timedOut, Self.timedOut]))
        harness.source.give(Fixture.verdict())
        await harness.source.done.wait(for: 1)
        try await harness.finish()
        #expect(harness.actuator.performed.all.count == 1)
        #expect(harness.sink.attempts.all.count == 3)
        #expect(try harness.actions() == ["v1 promote done"])
    }

    @Test func publishingInVainEndsTheController() async throws {
        let harness = Harness(sink: FakeSink(failures: Array(repeating: Self.timedOut, count: 50)))
        harness.source.give(Fixture.verdict())
        await #expect(throws: Self.timedOut) { try await harness.end() }
        #expect(harness.source.done.all.isEmpty)
    }

    @Test func whatAnotherControllerDidIsNotTakenForOnesOwn() async throws {
        let other = Harness(configuration: RolloutConfiguration(group: "other"))
        other.source.give(Fixture.verdict("a"))
        await other.source.done.wait(for: 1)
        try await other.finish()

        let own = Harness(history: FakeHistory(other.sink.sent.all))
        own.source.give(Fixture.verdict("a"))
        await own.source.done.wait(for: 1)
        try await own.finish()
        #expect(try own.actions() == ["a promote done"])
    }

    @Test(arguments: [(true, 0), (false, 1)])
    func aDryRunIsRememberedByDryRunsOnly(dryRun: Bool, performed: Int) async throws {
        let dry = Harness(configuration: RolloutConfiguration(policy: RolloutPolicy(dryRun: true)))
        dry.source.give(Fixture.verdict("a"))
        await dry.source.done.wait(for: 1)
        try await dry.finish()

        let next = Harness(
            configuration: RolloutConfiguration(policy: RolloutPolicy(dryRun: dryRun)),
            history: FakeHistory(dry.sink.sent.all)
        )
        next.source.give(Fixture.verdict("a"))
        await next.source.done.wait(for: 1)
        try await next.finish()
        #expect(next.actuator.performed.all.count == performed)
        #expect(next.statistics.snapshot.dropped[.repeated] == (dryRun ? 1 : nil))
    }

    @Test func foreignRecordsOfTheRolloutsTopicArePassedOver() async throws {
        let foreign = CloudEvent(id: "1", source: "/x", type: "com.example.other", data: [0x7B, 0x7D])
        let harness = Harness(history: FakeHistory([nil, foreign]))
        harness.source.give(Fixture.verdict())
        await harness.source.done.wait(for: 1)
        try await harness.finish()
        #expect(try harness.actions() == ["v1 promote done"])
    }

    @Test func stoppingFinishesWhatIsUnderWayAndLeavesTheRest() async throws {
        let hold = AsyncSemaphore(permits: 0)
        let harness = Harness(
            configuration: RolloutConfiguration(maximumConcurrency: 1),
            actuator: FakeActuator(hold: hold)
        )
        harness.source.give(Fixture.verdict("a", session: "s1"))
        harness.source.give(Fixture.verdict("b", session: "s2", environment: "staging"))
        await harness.actuator.performed.wait(for: 1)
        harness.controller.stop()
        hold.leave()
        try await harness.end()
        #expect(harness.source.done.all.count == 1)
        #expect(harness.actuator.performed.all.count == 1)
        #expect(harness.source.isClosed)
    }

    @Test func stoppingDoesNotWaitForARetry() async throws {
        let transient = FakeActuator.Answer.failure(ActuatorError(.transient, "Not reached."))
        let harness = Harness(
            actuator: FakeActuator(["shop": [transient]]),
            time: TestTime(held: AsyncSemaphore(permits: 0))
        )
        harness.source.give(Fixture.verdict())
        await harness.time.pauses.wait(for: 1)
        harness.controller.stop()
        try await harness.end()
        #expect(harness.source.done.all.isEmpty)
        #expect(harness.sink.sent.all.isEmpty)
    }

    @Test func stoppingBeforeAnythingHappenedEndsTheController() async throws {
        let harness = Harness()
        harness.controller.stop()
        try await harness.end()
        #expect(harness.source.isClosed)
    }

    @Test func stoppingEndsTheReadingOfTheHistory() async throws {
        let history = EndlessHistory()
        let source = FakeSource()
        let controller = RolloutController(
            configuration: RolloutConfiguration(),
            source: source,
            sink: FakeSink(),
            history: history,
            actuator: FakeActuator(),
            now: { Fixture.start },
            logger: Harness.silent
        )
        let running = Task { try await controller.run() }
        _ = await history.asked.enter()
        controller.stop()
        try await running.value
        #expect(source.isClosed)
    }

    @Test func withoutItsMemoryTheControllerDoesNotAct() async throws {
        let first = Harness()
        first.source.give(Fixture.verdict("a"))
        first.source.give(Fixture.verdict("b", session: "s2", version: "1.2", opened: 100))
        await first.source.done.wait(for: 2)
        try await first.finish()

        // Half of the memory is read, then nothing more comes.
        let pauses = AsyncSemaphore(permits: 0)
        let history = FakeHistory(first.sink.sent.all, failures: [Self.timedOut, Self.timedOut])
        let second = Harness(history: history, time: TestTime(held: pauses))
        second.source.give(Fixture.verdict("b", session: "s2", version: "1.2", opened: 100))
        for _ in 0..<2 {
            await second.time.pauses.wait(for: 1)
            #expect(second.actuator.performed.all.isEmpty)
            #expect(second.statistics.snapshot.ledgerTrouble?.contains("Late.") == true)
            pauses.leave()
        }
        await second.source.done.wait(for: 1)
        try await second.finish()
        #expect(second.statistics.snapshot.ledgerTrouble == nil)
        #expect(second.statistics.snapshot.dropped == [.repeated: 1])
        #expect(second.actuator.performed.all.isEmpty)
    }

    @Test func aFailedActionIsPerformedAgainWhenItIsAskedForOncePerFailure() async throws {
        let refused = FakeActuator.Answer.failure(ActuatorError(.permanent, "No rights."))
        let verdict = Fixture.verdict("a", result: .fail)
        let first = Harness(actuator: FakeActuator(["shop": [refused]]))
        first.source.give(verdict)
        // Delivered again, but not asked for.
        first.source.give(verdict)
        first.source.give(verdict, retryOf: Fixture.start - .seconds(9))
        await first.source.done.wait(for: 3)
        try await first.finish()
        #expect(try first.actions() == ["a abort failed"])

        // The failure is known after a restart too, and the age of the verdict does not matter to the person who asks.
        let policy = RolloutPolicy(maximumAge: .seconds(60))
        let second = Harness(
            configuration: RolloutConfiguration(policy: policy),
            history: FakeHistory(first.sink.sent.all),
            now: { Fixture.start + .seconds(86_400) }
        )
        second.source.give(verdict, retryOf: Fixture.start)
        second.source.give(verdict, retryOf: Fixture.start)
        second.source.give(verdict)
        await second.source.done.wait(for: 3)
        try await second.finish()
        #expect(try second.actions() == ["a abort done"])
        #expect(second.statistics.snapshot.dropped == [.repeated: 2])
    }

    @Test func aRetryOfAnOvertakenReleaseDoesNothing() async throws {
        let refused = FakeActuator.Answer.failure(ActuatorError(.permanent, "No rights."))
        let verdict = Fixture.verdict("a", result: .fail)
        let harness = Harness(actuator: FakeActuator(["shop": [refused]]))
        harness.source.give(verdict)
        await harness.source.done.wait(for: 1)
        harness.source.give(Fixture.verdict("b", session: "s2", version: "1.2", opened: 10))
        await harness.source.done.wait(for: 1)
        harness.source.give(verdict, retryOf: Fixture.start)
        await harness.source.done.wait(for: 1)
        try await harness.finish()
        #expect(try harness.actions() == ["a abort failed", "b promote done", "a none skipped"])
    }

    @Test func cancellingEndsTheControllerWithoutPublishing() async throws {
        let hold = AsyncSemaphore(permits: 0)
        let failing = FakeActuator.Answer.failure(ActuatorError(.permanent, "Cancelled."))
        let harness = Harness(actuator: FakeActuator(["shop": [failing]], hold: hold))
        harness.source.give(Fixture.verdict())
        await harness.actuator.performed.wait(for: 1)
        harness.cancel()
        await #expect(throws: CancellationError.self) { try await harness.end() }
        #expect(harness.sink.sent.all.isEmpty)
        #expect(harness.source.done.all.isEmpty)
    }
}

/// A topic that does not exist yet.
private final class EndlessHistory: RolloutHistory {
    let asked = AsyncSemaphore(permits: 0)
    private let never = AsyncSemaphore(permits: 0)

    func read(_ body: (CloudEvent?) -> Void) async throws {
        asked.leave()
        _ = await never.enter()
        try Task.checkCancellation()
    }
}
