import Analysis
import Judging
import Testing

@Suite struct UndecidedEndingTests {
    @Test(
        arguments: [
            (.superseded(by: "3.0"), .cancelled, .superseded, "superseded: version 3.0 was deployed"),
            (.superseded(by: "3.0", weight: 50), .cancelled, .superseded, "superseded: version 3.0 was deployed"),
            (
                .superseded(by: "3.0", weight: 50, before: 12.5), .cancelled, .superseded,
                "superseded: version 3.0 was deployed with weight 50 after weight 12.5"
            ),
            (.cancelled("version 2.0 was withdrawn"), .cancelled, .cancelled, "cancelled: version 2.0 was withdrawn"),
            (.expired("too late"), .cancelled, .expired, "expired: too late"),
            (.noPlan("none matches"), .errored, .noPlan, "no plan: none matches"),
            (.notJudgeable("bad query"), .errored, .notJudgeable, "cannot be judged: bad query"),
            (
                .gaveUp(.unreachable, waiting: .seconds(3600), for: "refused"), .errored, .unreachable,
                "gave up: still waiting 1h after the last look: refused"
            ),
            (
                .gaveUp(.noData, waiting: .seconds(60), for: "no samples"), .completed, .noData,
                "gave up: still waiting 1m after the last look: no samples"
            ),
        ] as [(UndecidedEnding, VerdictStatus, UndecidedCause, String)]
    )
    func saysStatusCauseAndReason(
        _ ending: UndecidedEnding,
        _ status: VerdictStatus,
        _ cause: UndecidedCause,
        _ reason: String
    ) {
        #expect(ending.status == status)
        #expect(ending.cause == cause)
        #expect(ending.reason == reason)
    }

    /// The sentence is for people: a cause does not depend on it.
    @Test func theVerdictHasTheCauseAsAValue() {
        let now = Timestamp(rfc3339: "2026-03-01T10:00:00Z")!
        let (session, verdict) = AnalysisSession.rejected(
            id: "s",
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "1"),
                application: "shop",
                environment: "production",
                version: "2.0"
            ),
            ending: .noPlan("gave up: superseded: whatever"),
            receivedAt: now,
            at: now
        )
        #expect(verdict.cause == .noPlan && verdict.status == .errored)
        #expect(session.finalVerdict == verdict)
    }
}
