import JSON
import StoredFormats

/// The commit that a release names, and how its result is called on GitHub.
enum GitHubCommit {
    static let maximumDescription = 140
    /// Nil where the release names none: its revision becomes a part of paths, so it has to be one.
    static func of(_ notification: NotificationForm) -> String? {
        notification.revision.flatMap { isCommit($0) ? $0 : nil }
    }

    static func isCommit(_ text: String) -> Bool {
        [40, 64].contains(text.utf8.count)
            && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    /// The state of what ended.
    static func state(_ notification: NotificationForm, running: String) -> String {
        switch NotificationResult(rawValue: notification.result) {
        case .started: running
        case .pass: "success"
        case .fail: "failure"
        case .marginal, .inconclusive, .errored, .cancelled, nil: "error"
        }
    }
}

extension NotificationRequest {
    static func gitHub(
        _ method: NotificationMethod,
        _ path: String,
        _ body: JSONObject? = nil,
        tolerating: Set<Int> = []
    ) -> NotificationRequest {
        var request = body.map { NotificationRequest(json: .object($0)) } ?? NotificationRequest(headers: [], body: [])
        request.method = method
        request.path = path
        request.tolerated = tolerating
        request.headers.append(MessageHeader(name: "Accept", value: "application/vnd.github+json"))
        request.headers.append(MessageHeader(name: "X-GitHub-Api-Version", value: "2022-11-28"))
        return request
    }
}
