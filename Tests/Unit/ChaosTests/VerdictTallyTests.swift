import Analysis
import Judging
import Testing

@testable import chaos

@Suite struct VerdictTallyTests {
    private static let events = [
        StoryEvent(id: "a/1", application: "a", version: "2", at: .zero, expected: .pass),
        StoryEvent(id: "b/1", application: "b", version: "2", at: .zero, expected: .fail),
    ]

    private func verdict(
        _ event: String,
        _ kind: VerdictKind = .final,
        _ status: VerdictStatus = .completed,
        _ result: JudgementResult = .pass,
        look: Int = 4,
        at time: Int64 = 1000
    ) -> Verdict {
        let deploy = DeployEvent(
            identity: EventIdentity(source: "s", id: event),
            application: String(event.prefix(1)),
            environment: "e",
            version: "2"
        )
        return Verdict(
            id: kind == .final ? "\(event)/final" : "\(event)/\(look)/interim",
            session: event,
            kind: kind,
            status: status,
            result: result,
            reason: "",
            nextStep: "",
            event: deploy,
            plan: "p",
            judge: "j",
            thresholds: Thresholds(),
            openedAt: Timestamp(milliseconds: 0),
            decidedAt: Timestamp(milliseconds: time),
            look: look,
            looks: 4,
            step: .seconds(1)
        )
    }

    private func tally(
        _ verdicts: [Verdict],
        events: [StoryEvent] = events,
        answered: [String: Timestamp] = [:]
    ) -> VerdictTally {
        let topic = verdicts.enumerated().map {
            TopicVerdict(partition: 0, offset: Int64($0.offset), verdict: $0.element)
        }
        return VerdictTally(topic, events: events, answered: answered)
    }

    @Test func `all is well when each event has the verdict it must get`() {
        let tally = tally([
            verdict("a/1", .interim, look: 1), verdict("b/1", .final, .completed, .fail), verdict("a/1", look: 4),
        ])
        #expect(tally.decided == 2)
        #expect((tally.passed, tally.failed) == (1, 1))
        #expect(tally.lost.isEmpty && tally.wrong.isEmpty && tally.repeated.isEmpty && tally.disordered.isEmpty)
    }

    @Test func `an event without a final verdict is lost`() {
        #expect(tally([verdict("a/1"), verdict("b/1", .interim, look: 1)]).lost == ["b/1"])
    }

    @Test func `another result or status is wrong`() {
        #expect(
            tally([verdict("a/1", .final, .completed, .fail), verdict("b/1", .final, .errored, .inconclusive)]).wrong
                .count == 2
        )
    }

    @Test func `an id that is on the topic twice is repeated`() {
        let tally = tally([verdict("a/1"), verdict("b/1", .final, .completed, .fail), verdict("a/1")])
        #expect(tally.repeated == ["a/1/final: 2 times"])
        #expect(tally.disordered.isEmpty)
    }

    @Test func `looks that go back, and words after the final one, are out of order`() {
        #expect(tally([verdict("a/1", .interim, look: 2), verdict("a/1", .interim, look: 1)]).disordered.count == 1)
        #expect(tally([verdict("a/1"), verdict("a/1", .interim, look: 3)]).disordered.count == 1)
    }

    @Test func `a newer release speaks only after the older one's final verdict`() {
        let interim = [verdict("a/1", .interim, look: 1), verdict("a/2", .interim, look: 1)]
        #expect(tally(interim).disordered.count == 1)
        #expect(
            tally([interim[0], verdict("a/1", .final, .cancelled, .inconclusive, look: 1), interim[1]]).disordered
                .isEmpty
        )
    }

    @Test(arguments: [(VerdictStatus.cancelled, 5000, true), (.completed, 5000, false), (.completed, 500, true)])
    func `an analysis that was ended may have been decided only before`(
        status: VerdictStatus,
        time: Int64,
        isRight: Bool
    ) {
        let event = StoryEvent(
            id: "a/1",
            application: "a",
            version: "2",
            at: .zero,
            expected: .endedBy(event: "a/2", otherwisePass: true)
        )
        let tally = tally(
            [verdict("a/1", .final, status, status == .completed ? .pass : .inconclusive, at: time)],
            events: [event],
            answered: ["a/2": Timestamp(milliseconds: 1000)]
        )
        #expect(tally.wrong.isEmpty == isRight)
    }
}
