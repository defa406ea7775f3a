import Analysis
import Histogram
import Judging
import Testing

@testable import load

@Suite struct LoadTallyTests {
    private static let deployedAt = Timestamp(milliseconds: 1_700_000_003_000)
    private let workload = LoadWorkload(
        sessions: 100,
        plan: LoadPlan(metrics: 1, step: .seconds(10), interval: .seconds(20), lifetime: .seconds(100)),
        seed: 1,
        deployedAt: deployedAt
    )

    /// The verdict that a story must get, seen a second after the window of its look.
    private func right(_ story: LoadStory) -> LoadTally.Final {
        let look = workload.decidingLook(of: story)
        let result: JudgementResult =
            switch story.expected {
            case .pass: .pass
            case .fail: .fail
            case .inconclusive: .inconclusive
            }
        return LoadTally.Final(
            session: SessionID.make(for: EventBurst.identity(of: story)),
            status: .completed,
            result: result,
            reason: "",
            look: look.number,
            seenAt: look.window.end.milliseconds + 1000
        )
    }

    private func story(_ kind: LoadStory.Kind) throws -> Int {
        try #require(workload.stories.firstIndex { $0.kind == kind })
    }

    @Test func `all is well when each analysis has the verdict it must get`() {
        let tally = LoadTally(workload.stories.map(right), workload)
        #expect(tally.failures == [])
        #expect((tally.expected, tally.received, tally.atLaterLook) == (100, 100, 0))
        #expect((tally.passed, tally.failed, tally.inconclusive) == (75, 20, 5))
        #expect(tally.sinceLastWindow.valueAtPercentile(99) == 1000)
        #expect(tally.sinceBadSample.totalCount == 20)
    }

    @Test func `a missing verdict fails the run`() {
        let tally = LoadTally(workload.stories.dropFirst().map(right), workload)
        #expect(tally.received == 99)
        #expect(tally.failures == ["missing: app-0 has no final verdict"])
    }

    @Test func `a doubled verdict fails the run`() {
        let tally = LoadTally(workload.stories.map(right), workload, repeated: ["a/final": 2])
        #expect(tally.failures == ["doubled: a/final is 2 times on the topic"])
    }

    @Test func `a wrong verdict fails the run`() throws {
        var finals = workload.stories.map(right)
        finals[try story(.healthy)].result = .fail
        finals[try story(.broken)].result = .pass
        finals[try story(.withoutControl)].status = .errored
        #expect(LoadTally(finals, workload).wrong.count == 3)
    }

    @Test func `a verdict that no event asked for fails the run`() {
        var finals = workload.stories.map(right)
        finals.append(finals[0])
        finals[100].session = "another"
        #expect(LoadTally(finals, workload).failures == ["wrong: another was never asked for"])
    }

    @Test func `a look can be later than planned, but not know beforehand`() throws {
        let index = try #require(
            workload.stories.firstIndex {
                (2...3).contains($0.kind == .broken ? workload.decidingLook(of: $0).number : 0)
            }
        )
        var finals = workload.stories.map(right)
        finals[index].look += 1
        #expect(LoadTally(finals, workload).failures == [])
        #expect(LoadTally(finals, workload).atLaterLook == 1)
        finals[index].look -= 2
        #expect(LoadTally(finals, workload).wrong.count == 1)
    }
}
