import Analysis
import JSON
import StoredFormats
import Text

/// An event of PagerDuty's Events API v2. What is triggered for a release in a place is resolved by the next one that
/// passes there.
enum PagerDutyEvent {
    private static let maximumKey = 255
    private static let maximumSummary = 1_024

    static func request(
        _ notification: NotificationForm,
        isResolved: Bool,
        routingKey: String
    ) -> NotificationRequest {
        var event: JSONObject = [
            "routing_key": .string(routingKey), "event_action": .string(isResolved ? "resolve" : "trigger"),
            "dedup_key": .string(key(of: notification)),
        ]
        if !isResolved {
            event["client"] = .string("Assay")
            event["client_url"] = notification.link.map { .string($0) }
            event["payload"] = .object(payload(notification))
        }
        return NotificationRequest(json: .object(event))
    }

    private static func payload(_ notification: NotificationForm) -> JSONObject {
        [
            "summary": .string("\(notification.title): \(notification.reason)".excerpt(maximumSummary)),
            "source": .string("\(notification.release)"), "severity": .string(notification.severity),
            "timestamp": .string(notification.decidedAt.rfc3339), "component": .string(notification.application),
            "group": .string(notification.environment), "class": .string(notification.result),
            "custom_details": .object([
                "version": .string(notification.version), "next": .string(notification.next),
                "metrics": .array(notification.rows.map { .string($0) }), "analysis": .string(notification.session),
            ]),
        ]
    }

    /// Of the release, not of the analysis: repeats and retries belong to the same incident.
    static func key(of notification: NotificationForm) -> String {
        let key = "assay/\(notification.release.keyText)"
        return key.unicodeScalars.count <= maximumKey
            ? key : "assay/\(String(FNV1a.hash(key.utf8), radix: 16))"
    }
}
