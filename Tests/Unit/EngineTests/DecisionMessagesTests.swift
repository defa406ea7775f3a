import Store
import Testing

@testable import Analysis
@testable import Engine

/// A person's decision after the end reaches every receiver once more.
@Suite struct DecisionMessagesTests {
    @Test("Each sink gets a message of its own for each final verdict")
    func messages() throws {
        let composer = OutboxComposer(
            sinks: [.verdicts, .webhook, .annotations],
            encoding: VerdictMessageEncoding(source: "/assay")
        )
        let now = Timestamp(milliseconds: 1_772_359_200_000)
        var session = AnalysisSession(
            id: "s",
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "1"),
                application: "shop",
                environment: "production",
                version: "2.0"
            ),
            plan: AnalysisPlan(
                name: "shop",
                schedule: AnalysisSchedule(interval: .seconds(60), lifetime: .seconds(600)),
                metrics: [PlannedMetric(name: "errors", query: "e{${scope}}")]
            ),
            receivedAt: now
        )
        var messages: [OutboxMessage] = []
        for kind in [PersonDecision.Kind.abort, .approve, .abort] {
            let decision = PersonDecision(kind: kind, actor: "alice", reason: "so", at: now + .seconds(60))
            let outcome = session.decide(decision, seen: session.finalVerdict?.id)
            guard case .decided(let verdict) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            messages += try composer.decided(verdict, in: session)
        }
        #expect(Set(messages.map { "\($0.sink.rawValue) \($0.id)" }).count == 9)
        #expect(messages.filter { $0.sink == .annotations }.map(\.id) == ["s/closed", "s/decision/2", "s/decision/3"])
    }
}
