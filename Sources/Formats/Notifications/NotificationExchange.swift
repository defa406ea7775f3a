import JSON
package import StoredFormats

/// What is asked of a receiver that takes several requests: each may depend on the answer to the last one.
package protocol NotificationExchange: Sendable {
    /// The next request; nil where there is nothing more to say. `answer` is nil at the first one.
    mutating func next(
        after answer: NotificationAnswer?
    ) throws(NotificationExchangeError) -> NotificationRequest?
}

/// What a receiver answered: a success, or a status that its request tolerates.
package struct NotificationAnswer: Sendable {
    package var status: Int
    package var body: [UInt8]

    package init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }

    /// The elements of a list.
    func elements() throws(NotificationExchangeError) -> [JSONObject] {
        guard let value = try? JSONParser.parse(body, maximumDepth: 64), let elements = value.elements else {
            throw NotificationExchangeError("the answer is not the list that the API promises")
        }
        return elements.compactMap(\.object)
    }
}

/// Why an exchange cannot go on; trying again later may help.
package struct NotificationExchangeError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension Optional<NotificationAnswer> {
    func elements() throws(NotificationExchangeError) -> [JSONObject] { try self?.elements() ?? [] }
}

extension NotificationReceiver {
    /// What is said to a receiver that takes more than one request; nil to the others.
    package func exchange(_ notification: NotificationForm) -> (any NotificationExchange)? {
        switch self {
        case .githubDeployment(_, let repository): GitHubDeployment(notification, repository: repository)
        case .githubPullRequest(_, let repository, let label):
            GitHubPullRequest(notification, repository: repository, label: label)
        case .sentry(_, let release): SentryDeploy(notification, release)
        case .slack, .teams, .email, .alertmanager, .pagerduty, .github, .grafana, .gelf, .template: nil
        }
    }
}
