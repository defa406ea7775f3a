import JSON
import StoredFormats
import Text

/// A status of the release's commit on GitHub, one for each environment: a later one takes its place.
enum GitHubStatus {
    private static let maximumDescription = 140

    /// Nil where the release names no commit: its revision becomes a part of the path, so it has to be one.
    static func request(_ notification: NotificationForm, repository: String) -> NotificationRequest? {
        guard let commit = notification.revision, isCommit(commit) else { return nil }
        let status: JSONObject = [
            "state": .string(state(notification)),
            "description": .string("\(notification.word): \(notification.reason)".excerpt(maximumDescription)),
            "context": .string("assay/\(notification.environment)"),
            "target_url": notification.link.map { .string($0) },
        ]
        var request = NotificationRequest(json: .object(status))
        request.path = "/repos/\(repository)/statuses/\(commit)"
        return request
    }

    static func isCommit(_ text: String) -> Bool {
        [40, 64].contains(text.utf8.count)
            && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    private static func state(_ notification: NotificationForm) -> String {
        switch NotificationResult(rawValue: notification.result) {
        case .pass: "success"
        case .fail: "failure"
        case .marginal, .inconclusive, .errored, .cancelled, nil: "error"
        }
    }
}
