package import StoredFormats

extension NotificationReceiver {
    /// What is posted; nil to a receiver that takes mail, several requests or more than notifications, and to GitHub about a
    /// release that names no commit.
    ///
    /// - Parameter secret: what the receiver is given in the body.
    package func request(
        _ notification: NotificationForm,
        isResolved: Bool,
        secret: String?
    ) -> NotificationRequest? {
        switch self {
        case .slack: SlackMessage.request(notification)
        case .teams: TeamsCard.request(notification)
        case .email, .grafana, .githubDeployment, .githubPullRequest, .sentry: nil
        case .alertmanager(_, let lasts):
            AlertmanagerAlerts.request(notification, isResolved: isResolved, lasts: lasts)
        case .pagerduty:
            PagerDutyEvent.request(notification, isResolved: isResolved, routingKey: secret ?? "")
        case .github(_, let repository): GitHubStatus.request(notification, repository: repository)
        case .gelf: GELFMessage.request(notification)
        case .template(_, let template): template.request(notification)
        }
    }
}
