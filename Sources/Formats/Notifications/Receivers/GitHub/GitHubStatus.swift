import JSON
import StoredFormats
import Text

/// A status of the release's commit on GitHub, one for each environment: a later one takes its place.
enum GitHubStatus {
    /// Nil where the release names no commit: its revision becomes a part of the path, so it has to be one.
    static func request(_ notification: NotificationForm, repository: String) -> NotificationRequest? {
        guard let commit = GitHubCommit.of(notification) else { return nil }
        let status: JSONObject = [
            "state": .string(GitHubCommit.state(notification, running: "pending")),
            "description": .string(
                "\(notification.word): \(notification.reason)".excerpt(GitHubCommit.maximumDescription)
            ),
            "context": .string("assay/\(notification.environment)"),
            "target_url": notification.link.map { .string($0) },
        ]
        var request = NotificationRequest(json: .object(status))
        request.path = "/repos/\(repository)/statuses/\(commit)"
        return request
    }
}
