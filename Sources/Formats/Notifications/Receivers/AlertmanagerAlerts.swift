import Analysis
import JSON
import StoredFormats

/// Alerts for `POST /api/v2/alerts`. An alert is known by its labels: the place and the severity, not the version, so
/// that the next release which passes there resolves it.
enum AlertmanagerAlerts {
    static func request(
        _ notification: NotificationForm,
        isResolved: Bool,
        lasts: Duration
    ) -> NotificationRequest {
        let severities =
            isResolved
            ? NotificationSeverity.allCases
            : NotificationSeverity.allCases.filter { $0.rawValue == notification.severity }
        let alerts = severities.map { severity -> JSONValue in
            let labels: JSONObject = [
                "alertname": .string("AssayRelease"), "application": .string(notification.application),
                "environment": .string(notification.environment), "cluster": notification.cluster.map { .string($0) },
                "namespace": notification.namespace.map { .string($0) }, "severity": .string(severity.rawValue),
            ]
            let annotations: JSONObject = [
                "summary": .string(notification.title), "description": .string(notification.reason),
                "next": .string(notification.next), "version": .string(notification.version),
                "result": .string(notification.result),
            ]
            let end = isResolved ? notification.decidedAt : notification.decidedAt + lasts
            return .object([
                "labels": .object(labels), "annotations": .object(annotations),
                "startsAt": isResolved ? nil : .string(notification.decidedAt.rfc3339),
                "endsAt": .string(end.rfc3339), "generatorURL": notification.link.map { .string($0) },
            ])
        }
        var request = NotificationRequest(json: .array(alerts))
        request.path = "/api/v2/alerts"
        return request
    }
}
