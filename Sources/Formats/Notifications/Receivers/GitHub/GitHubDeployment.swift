import JSON
import StoredFormats
import Text

/// A status of the newest deployment of the release's commit to its environment. Where GitHub knows no such deployment,
/// nothing is said: Assay deploys nothing.
struct GitHubDeployment: NotificationExchange {
    private enum Step: Sendable {
        case deployments
        case statuses
        case status(deployment: Int64)
        case done
    }

    private let repository: String
    private let commit: String
    private let environment: String
    private let state: String
    private let description: String
    private let link: String?
    private var step = Step.deployments

    init?(_ notification: NotificationForm, repository: String) {
        guard let commit = GitHubCommit.of(notification) else { return nil }
        self.repository = repository
        self.commit = commit
        environment = notification.environment
        state = GitHubCommit.state(notification, running: "in_progress")
        let text = "\(OwnText.gitHubStatus)\(notification.word): \(notification.reason)"
        description = text.excerpt(GitHubCommit.maximumDescription)
        link = notification.link
    }

    mutating func next(
        after answer: NotificationAnswer?
    ) throws(NotificationExchangeError) -> NotificationRequest? {
        switch step {
        case .deployments:
            step = .statuses
            let query = "sha=\(commit)&environment=\(environment.percentEncoded)&per_page=1"
            return .gitHub(.get, "/repos/\(repository)/deployments?\(query)")
        case .statuses:
            guard let deployment = try answer.elements().first?["id"]?.integer else { return nil }
            step = .status(deployment: deployment)
            return .gitHub(.get, "/repos/\(repository)/deployments/\(deployment)/statuses?per_page=1")
        case .status(let deployment):
            step = .done
            // A repeat.
            let last = try answer.elements().first
            guard last?["state"]?.text != state || last?["description"]?.text != description else { return nil }
            let status: JSONObject = [
                "state": .string(state), "description": .string(description),
                "log_url": link.map { .string($0) },
                // That of the release before stays: Assay moves no traffic.
                "auto_inactive": .bool(false),
            ]
            return .gitHub(.post, "/repos/\(repository)/deployments/\(deployment)/statuses", status)
        case .done: return nil
        }
    }
}
