import Analysis
import JSON
import StoredFormats

/// A message of GELF 1.1 for an input of the kind GELF HTTP, as Graylog has it. What a search should find is a field of its
/// own.
enum GELFMessage {
    static func request(_ notification: NotificationForm) -> NotificationRequest {
        let fields: [(String, String?)] = [
            ("application", notification.application), ("environment", notification.environment),
            ("cluster", notification.cluster), ("namespace", notification.namespace),
            ("version", notification.version), ("revision", notification.revision), ("result", notification.result),
            ("severity", notification.severity), ("reason", notification.reason), ("next", notification.next),
            ("session", notification.session), ("verdict", notification.verdict), ("link", notification.link),
        ]
        let milliseconds = notification.decidedAt.milliseconds
        var message: JSONObject = [
            "version": .string("1.1"), "host": .string("assay"), "short_message": .string(notification.title),
            "full_message": .string(notification.text), "timestamp": .double(Double(milliseconds) / 1000),
            "level": .integer(level(notification)),
        ]
        for (name, value) in fields { if let value { message["_\(name)"] = .string(value) } }
        return NotificationRequest(json: .object(message))
    }

    /// Of syslog.
    private static func level(_ notification: NotificationForm) -> Int {
        switch NotificationSeverity(rawValue: notification.severity) {
        case .critical: 3
        case .warning: 4
        case .info, nil: 6
        }
    }
}
