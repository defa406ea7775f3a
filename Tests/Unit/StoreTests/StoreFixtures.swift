import Analysis
import Foundation
import Judging
import Store
import Testing

/// What the tests of stores store.
enum Fixture {
    static let now = Timestamp(rfc3339: "2026-03-01T10:00:00Z")!

    static func event(_ id: String, version: String = "2.0", application: String = "shop") -> DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: "/ci", id: id),
            application: application,
            environment: "production",
            version: version
        )
    }

    static func received(_ id: String, application: String = "shop") -> ReceivedEvent {
        ReceivedEvent(event: self.event(id, application: application), receivedAt: self.now)
    }

    static func session(_ id: String, application: String = "shop") -> AnalysisSession {
        AnalysisSession(
            id: id,
            event: self.event(id, application: application),
            plan: AnalysisPlan(
                name: "p",
                schedule: AnalysisSchedule(step: .seconds(1), interval: .seconds(10), lifetime: .seconds(20)),
                metrics: [PlannedMetric(name: "m", query: "m{${scope}}")]
            ),
            receivedAt: self.now
        )
    }

    static func message(_ id: String, key: String) -> OutboxMessage {
        OutboxMessage(sink: .verdicts, id: id, key: key, payload: Array(id.utf8), createdAt: self.now)
    }

    static func change(_ edit: (inout StoreChange) -> Void) -> StoreChange {
        var change = StoreChange()
        edit(&change)
        return change
    }

    /// Answers an event and does nothing else.
    @Sendable static func noted(_ event: InboxEvent, _ record: ReleaseRecord) -> StoreChange {
        self.change { $0.answer = .init(outcome: "noted", at: self.now, history: record.history) }
    }
}
