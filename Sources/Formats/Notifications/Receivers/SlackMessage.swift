import JSON
import StoredFormats

/// A message for an incoming webhook of Slack, Mattermost or Rocket.Chat: one attachment, which all of them show.
enum SlackMessage {
    static func request(_ notification: NotificationForm) -> NotificationRequest {
        let title = escaped(notification.title)
        let fields = notification.metrics.map { metric -> JSONValue in
            let ratio = metric.ratio.isEmpty ? "" : ", \(metric.ratio)"
            let sides = "\(metric.result): \(metric.control) → \(metric.experiment)\(ratio)"
            return .object([
                "title": .string(escaped(metric.name)), "value": .string(escaped(sides)), "short": .bool(false),
            ])
        }
        let further = notification.furtherMetrics > 0 ? "\nand \(notification.furtherMetrics) more metrics" : ""
        let attachment: JSONObject = [
            "fallback": .string(title), "color": .string(colour(notification)), "title": .string(title),
            "title_link": notification.link.map { .string($0) },
            "text": .string(escaped("\(notification.reason)\nNext: \(notification.next)\(further)")),
            "fields": .array(fields),
            // Nothing in it is read as markup.
            "mrkdwn_in": .array([]),
        ]
        let message: JSONObject = ["mrkdwn": .bool(false), "attachments": .array([.object(attachment)])]
        return NotificationRequest(json: .object(message))
    }

    /// `<`, `>` and `&` begin mentions and links; a word joiner keeps `@channel` from calling everyone.
    static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "@": escaped += "@\u{2060}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }

    private static func colour(_ notification: NotificationForm) -> String {
        switch NotificationResult(rawValue: notification.result) {
        case .pass: "#2e7d32"
        case .fail: "#c62828"
        case .marginal, .inconclusive, .errored: "#f9a825"
        case .started, .cancelled, nil: "#757575"
        }
    }
}
