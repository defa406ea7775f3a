import Analysis
import Testing

@Suite struct OpeningRulesTests {
    private static let start = Timestamp(milliseconds: 1_772_359_200_000)
    private static let plan = AnalysisPlan(
        name: "p",
        schedule: AnalysisSchedule(step: .seconds(1), interval: .seconds(10), lifetime: .seconds(20)),
        metrics: [PlannedMetric(name: "m", query: "m{${scope}}")]
    )

    private func event(
        _ id: String,
        _ version: String = "1",
        at seconds: Int = 0,
        cluster: String? = nil,
        phase: DeployEvent.Phase = .deployed
    ) -> DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: "/ci", id: id),
            time: Self.start + .seconds(seconds),
            phase: phase,
            application: "shop",
            environment: "production",
            cluster: cluster,
            version: version
        )
    }

    /// Answers events one after the other, as a store would hand them in.
    private struct Room {
        var history = ReleaseHistory()
        var sessions: [AnalysisSession] = []
        var plan: AnalysisPlan? = OpeningRulesTests.plan

        mutating func receive(_ event: DeployEvent, after seconds: Int = 100) -> EventAnswer {
            let now = OpeningRulesTests.start + .seconds(seconds)
            let answer = OpeningRules(maximumAge: .seconds(3600)).answer(
                .init(event: event, receivedAt: now),
                history: self.history,
                unfinished: self.sessions.filter { $0.phase != .finished },
                at: now
            ) { [plan] (_) throws(PlanUnavailable) in
                guard let plan else { throw PlanUnavailable(reason: "none matches") }
                return plan
            }
            self.history = answer.history
            for session in answer.changed {
                guard let index = self.sessions.firstIndex(where: { $0.id == session.id }) else { continue }
                self.sessions[index] = session
            }
            self.sessions += answer.opened
            return answer
        }
    }

    @Test func aNewerVersionEndsTheOlderAnalysis() {
        var room = Room()
        #expect(room.receive(event("a", "1")).opened.count == 1)
        let answer = room.receive(event("b", "2", at: 10))
        #expect(answer.opened.map(\.event.version) == ["2"])
        #expect(answer.verdicts.map(\.version) == ["1"])
        #expect(answer.verdicts.map(\.status) == [.cancelled])
        let late = room.receive(event("c", "1.5", at: 5))
        #expect(late.opened.map(\.phase) == [.finished])
        #expect(late.outcome.hasSuffix("superseded at once"))
        #expect(late.verdicts.map(\.reason) == ["superseded: version 2 was deployed"])
    }

    @Test func aRepeatIsRememberedByTheAnalysis() throws {
        var room = Room()
        _ = room.receive(event("a"))
        var answer = room.receive(event("b", at: 5))
        #expect(answer.changed.count == 1)
        #expect(answer.opened.isEmpty)
        #expect(answer.changed.first?.repeats == [event("b").identity])
        for number in 0..<20 { answer = room.receive(event("r\(number)", at: 6)) }
        #expect(answer.changed.first?.repeats?.count == 16)
        #expect(answer.changed.first?.repeats?.last?.id == "r19")
        let end = room.receive(event("w", at: 50, phase: .cancelled))
        #expect(end.verdicts.first?.deployEvent.id == "a")
        #expect(end.verdicts.first?.repeats?.count == 16)
    }

    @Test func aWithdrawalEndsWhatItNames() {
        var room = Room()
        _ = room.receive(event("a", cluster: "eu"))
        _ = room.receive(event("b", cluster: "us"))
        _ = room.receive(event("c"))
        #expect(room.receive(event("d", at: 20, cluster: "eu", phase: .cancelled)).verdicts.map(\.cluster) == ["eu"])
        #expect(room.receive(event("e", "7", at: 20, phase: .cancelled)).outcome == "nothing to cancel")
        // Without a cluster: in all of them.
        #expect(room.receive(event("f", at: 20, phase: .cancelled)).verdicts.map(\.cluster) == ["us", nil])
        let after = room.receive(event("g", at: 10, cluster: "asia"))
        #expect(after.outcome.hasSuffix("cancelled at once"))
    }

    @Test func whatCannotBeAnalysedHasAVerdictAtOnce() {
        var room = Room()
        room.plan = nil
        #expect(room.receive(event("a")).verdicts.map(\.reason) == ["no plan: none matches"])
        let old = room.receive(event("b", "2", at: 10), after: 100_000)
        #expect(old.verdicts.map(\.status) == [.cancelled])
        #expect(old.outcome.hasPrefix("rejected: expired"))
        #expect(old.opened.map(\.phase) == [.finished])
    }

    @Test func anotherStepSaysByWhichWeightItEndsTheAnalysis() {
        func weighted(_ id: String, _ version: String, _ weight: Double?) -> DeployEvent {
            var event = event(id, version)
            event.weight = weight
            return event
        }
        var room = Room()
        _ = room.receive(weighted("a", "1", 10))
        let step = room.receive(weighted("b", "1", 50))
        #expect(step.verdicts.map(\.reason) == ["superseded: version 1 was deployed with weight 50 after weight 10"])
        let newer = room.receive(weighted("c", "2", 10))
        #expect(newer.verdicts.map(\.reason) == ["superseded: version 2 was deployed"])
    }

    private static let month = 30 * 86_400

    /// The clock was a month ahead when the first release came in, and is right again.
    @Test func aClockThatWasWrongDoesNotBlockReleases() {
        var room = Room()
        let wrong = room.receive(event("a", "1", at: Self.month), after: Self.month)
        #expect(wrong.futureTimes == 0)
        let answer = room.receive(event("b", "2", at: 100), after: 101)
        #expect(answer.opened.map(\.phase) != [.finished])
        #expect(answer.opened.map(\.event.version) == ["2"])
        #expect(answer.opened.map(\.openedAt) == [Self.start + .seconds(101)])
        #expect(answer.verdicts.map(\.version) == ["1"])
        // The release's own timeline and the shared one, each with a release and a time of opening at most.
        #expect(answer.futureTimes >= 2)
        let next = room.receive(event("c", "3", at: 102), after: 103)
        #expect(next.opened.map(\.event.version) == ["3"])
        #expect(next.futureTimes == 0)
    }

    @Test func aWithdrawalOfAClockThatWasWrongDoesNotWithdrawForever() {
        var room = Room()
        _ = room.receive(event("w", "1", at: Self.month, phase: .cancelled), after: Self.month)
        let answer = room.receive(event("a", "1", at: 100), after: 101)
        #expect(answer.opened.map(\.phase) != [.finished])
        #expect(answer.futureTimes >= 1)
    }

    @Test func anAnalysisOfAClockThatWasWrongCanBeWithdrawn() {
        var room = Room()
        _ = room.receive(event("a", "1", at: Self.month), after: Self.month)
        let answer = room.receive(event("w", "1", at: 100, phase: .cancelled), after: 101)
        #expect(answer.verdicts.map(\.status) == [.cancelled])
    }

    /// An event of the future counts as of when it was received, and is counted.
    @Test(arguments: [(301, 1), (300, 0), (Self.month, 1)])
    func anEventOfTheFutureCountsWhenItComes(ahead: Int, corrected: Int) {
        var room = Room()
        let answer = room.receive(event("a", "1", at: 100 + ahead), after: 100)
        #expect(answer.futureTimes == corrected)
        #expect(answer.opened.map(\.deployedAt) == [Self.start + .seconds(100)])
        let next = room.receive(event("b", "2", at: 101), after: 101)
        #expect(next.opened.map(\.event.version) == ["2"])
    }

    /// It came in while the clock was wrong, and is answered once it is right.
    @Test func anArrivalOfTheFutureCountsWhenItIsAnswered() {
        let answer = OpeningRules(maximumAge: .seconds(3600)).answer(
            .init(event: event("a"), receivedAt: Self.start + .seconds(Self.month)),
            history: ReleaseHistory(),
            unfinished: [],
            at: Self.start
        ) { (_) throws(PlanUnavailable) in Self.plan }
        #expect(answer.opened.map(\.openedAt) == [Self.start])
        #expect(answer.futureTimes == 1)
    }
}
