import Analysis
import EventFormats
import Judging
import Rollout

enum WebhookProperties {
    /// Promotes a release; what it says does not matter to the answer.
    static let action = PlannedAction(
        kind: .promote,
        reason: "All metrics passed.",
        verdict: Verdict(
            id: "1/1/final",
            session: "1",
            kind: .final,
            status: .completed,
            result: .pass,
            reason: "All metrics passed.",
            nextStep: "promote",
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "1"),
                application: "checkout",
                environment: "production",
                version: "1.2.3"
            ),
            plan: "web-service",
            judge: "NetflixACAJudge-v1.0",
            thresholds: Thresholds(),
            openedAt: Timestamp(milliseconds: 0),
            decidedAt: Timestamp(milliseconds: 0),
            look: 1,
            looks: 1,
            step: .seconds(60)
        )
    )
}
