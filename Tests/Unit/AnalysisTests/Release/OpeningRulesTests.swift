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
}
