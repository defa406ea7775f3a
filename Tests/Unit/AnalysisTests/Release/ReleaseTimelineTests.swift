import Analysis
import Testing

@Suite struct ReleaseTimelineTests {
    private static let start = Timestamp(milliseconds: 1_772_359_200_000)

    /// A deploy event of a version at a second, or with no time of its own.
    private func event(_ version: String, at seconds: Int? = nil, _ phase: DeployEvent.Phase = .deployed) -> DeployEvent
    {
        DeployEvent(
            identity: EventIdentity(source: "/ci", id: "\(version)-\(seconds ?? -1)-\(phase)"),
            time: seconds.map { Self.start + .seconds($0) },
            phase: phase,
            application: "shop",
            environment: "production",
            version: version
        )
    }

    private func apply(_ events: [DeployEvent], analysed: [DeployEvent] = []) -> [ReleaseTimeline.Meaning] {
        var timeline = ReleaseTimeline()
        return events.enumerated().map { index, event in
            timeline.apply(event, receivedAt: Self.start + .seconds(1000 + index), analysed: analysed)
        }
    }

    @Test func versionsInTheirOrderOpenAndOthersAreLate() {
        #expect(apply([event("1", at: 10), event("2", at: 20)]) == [.opens, .opens])
        #expect(apply([event("2", at: 20), event("1", at: 10)]) == [.opens, .late(newer: "2")])
        #expect(apply([event("2", at: 20), event("1", at: 20)]) == [.opens, .opens])
        // Without a time the order of arrival counts.
        #expect(apply([event("2"), event("1")]) == [.opens, .opens])
        #expect(apply([event("2"), event("1", at: 10)]) == [.opens, .late(newer: "2")])
    }

    @Test func theReleaseUnderAnalysisRepeatsWhateverItsTime() {
        let running = event("1", at: 10)
        #expect(apply([running], analysed: [running]) == [.repeats])
        #expect(apply([event("1", at: 30)], analysed: [running]) == [.repeats])
        var other = event("1", at: 30)
        other.revision = "b"
        var revised = running
        revised.revision = "a"
        #expect(apply([other], analysed: [revised]) == [.opens])
    }

    @Test func aLaterStepOfTheReleaseOpensAnAnalysisOfItsOwn() {
        func event(_ second: Int, weight: Double?) -> DeployEvent {
            var event = self.event("1", at: second)
            event.weight = weight
            return event
        }
        let running = event(10, weight: 20)
        #expect(apply([running, event(30, weight: 50)], analysed: [running]) == [.repeats, .opens])
        #expect(apply([event(30, weight: 20)], analysed: [running]) == [.repeats])
        // Nothing says that the step is another one.
        #expect(apply([event(30, weight: nil)], analysed: [running]) == [.repeats])
        #expect(apply([event(30, weight: 50)], analysed: [event(10, weight: nil)]) == [.repeats])
        // Its analysis has ended.
        #expect(apply([running, event(30, weight: 20)]) == [.opens, .opens])
        // The event of the earlier step arrives after that of the later one.
        let later = event(30, weight: 50)
        var timeline = ReleaseTimeline()
        let arrival = Self.start + .seconds(1000)
        #expect(timeline.apply(later, receivedAt: arrival, analysed: []) == .opens)
        #expect(timeline.apply(running, receivedAt: arrival, analysed: [later]) == .late(newer: "1"))
    }

    @Test func whatWasDeployedBeforeARepeatIsLate() {
        let running = event("2", at: 10)
        var timeline = ReleaseTimeline()
        let arrival = Self.start + .seconds(1000)
        #expect(timeline.apply(running, receivedAt: arrival, analysed: []) == .opens)
        #expect(timeline.apply(event("2", at: 30), receivedAt: arrival, analysed: [running]) == .repeats)
        #expect(timeline.apply(event("1", at: 20), receivedAt: arrival, analysed: [running]) == .late(newer: "2"))
    }

    @Test func analysesAreOpenedOneAfterTheOtherWhateverTheClocksSay() {
        var timeline = ReleaseTimeline()
        let times = [5, 5, 3, 9].map { timeline.opening(receivedAt: Self.start + .milliseconds($0)) }
        #expect(times.map { $0.since(Self.start) } == [5, 6, 7, 9].map { .milliseconds($0) })
    }

    @Test func aWithdrawalCountsAlsoWhenItComesFirst() {
        let withdrawal = event("1", at: 20, .cancelled)
        #expect(apply([event("1", at: 10), withdrawal]) == [.opens, .withdraws])
        #expect(
            apply([withdrawal, event("1", at: 10)]) == [.withdraws, .withdrawn(at: Self.start + .seconds(20))]
        )
        // Deployed again after it.
        #expect(apply([withdrawal, event("1", at: 30)]) == [.withdraws, .opens])
        #expect(apply([withdrawal, event("2", at: 10)]) == [.withdraws, .opens])
    }

    @Test func aWithdrawalThatCameAfterALaterRepeatEndsNothing() {
        let running = event("2", at: 10)
        var timeline = ReleaseTimeline()
        let arrival = Self.start + .seconds(1000)
        #expect(timeline.apply(running, receivedAt: arrival, analysed: []) == .opens)
        #expect(timeline.apply(event("2", at: 30), receivedAt: arrival, analysed: [running]) == .repeats)
        let withdrawal = event("2", at: 20, .cancelled)
        #expect(
            timeline.apply(withdrawal, receivedAt: arrival, analysed: [running])
                == .outdated(since: Self.start + .seconds(30))
        )
        // One that happened after the repeat does.
        let later = event("2", at: 40, .cancelled)
        #expect(timeline.apply(later, receivedAt: arrival, analysed: [running]) == .withdraws)
        #expect(apply([running, event("1", at: 5, .cancelled)]) == [.opens, .withdraws])
    }

    @Test func aWithdrawnVersionDoesNotMakeOthersLate() {
        #expect(
            apply([event("2", at: 30, .cancelled), event("2", at: 20), event("1", at: 10)])
                == [.withdraws, .withdrawn(at: Self.start + .seconds(30)), .opens]
        )
    }

    @Test func onlyTheNewestWithdrawalsAreRemembered() {
        var timeline = ReleaseTimeline()
        for second in 0..<100 {
            _ = timeline.apply(event("\(second)", at: second, .cancelled), receivedAt: Self.start, analysed: [])
        }
        #expect(timeline.withdrawals.count == 16)
    }

    @Test func aTimeInTheFutureIsThatOfArrival() {
        var timeline = ReleaseTimeline()
        _ = timeline.apply(event("1", at: 5000), receivedAt: Self.start, analysed: [])
        #expect(timeline.newest?.at == Self.start)
    }
}
