import JSON
import StoredFormats

/// An Adaptive Card for a workflow of Microsoft Teams ("when a Teams webhook request is received"). Runs of a rich text
/// block are never read as Markdown.
enum TeamsCard {
    static func request(_ notification: NotificationForm) -> NotificationRequest {
        var body = [
            block(notification.title, ["weight": .string("Bolder"), "color": .string(colour(notification))]),
            block(notification.reason), block("Next: \(notification.next)"),
        ]
        body += notification.rows.map { block($0) }
        var card: JSONObject = [
            "$schema": .string("http://adaptivecards.io/schemas/adaptive-card.json"),
            "type": .string("AdaptiveCard"), "version": .string("1.4"), "body": .array(body),
        ]
        if let link = notification.link {
            let action: JSONObject = [
                "type": .string("Action.OpenUrl"), "title": .string("Report"), "url": .string(link),
            ]
            card["actions"] = .array([.object(action)])
        }
        let attachment: JSONObject = [
            "contentType": .string("application/vnd.microsoft.card.adaptive"), "content": .object(card),
        ]
        let message: JSONObject = ["type": .string("message"), "attachments": .array([.object(attachment)])]
        return NotificationRequest(json: .object(message))
    }

    private static func block(_ text: String, _ style: JSONObject = [:]) -> JSONValue {
        var run: JSONObject = ["type": .string("TextRun"), "text": .string(text)]
        for (name, value) in style.members { run[name] = value }
        return .object(["type": .string("RichTextBlock"), "inlines": .array([.object(run)])])
    }

    private static func colour(_ notification: NotificationForm) -> String {
        switch NotificationResult(rawValue: notification.result) {
        case .pass: "Good"
        case .fail: "Attention"
        case .marginal, .inconclusive, .errored: "Warning"
        case .started, .cancelled, nil: "Default"
        }
    }
}
