import Analysis
import JSON
package import StoredFormats

/// What a destination is, and so what it expects.
package enum NotificationReceiver: Sendable, Equatable {
    /// An incoming webhook as Slack has them.
    case slack
    /// A workflow of Microsoft Teams that posts the cards that it gets.
    case teams
    case email(MailRoute)
    /// The base URL, and how long an alert lasts that nothing ends.
    case alertmanager(url: String, lasts: Duration)
    case pagerduty(url: String)
    /// The status of a commit; the base URL of the API, and `owner/name`.
    case github(url: String, repository: String)
    /// The status of the commit's deployment.
    case githubDeployment(url: String, repository: String)
    /// A comment of the commit's pull request, and a label with the result that begins so.
    case githubPullRequest(url: String, repository: String, label: String?)
    case sentry(url: String, SentryRelease)
    /// An input of the kind GELF HTTP.
    case gelf(url: String)
    /// The base URL, and where in it releases are marked.
    case grafana(url: String, GrafanaPlace)
    /// `url` is nil where the secret is the address.
    case template(url: String?, NotificationTemplate)

    /// It keeps alerts that are opened and resolved.
    package var keepsAlerts: Bool {
        switch self {
        case .alertmanager, .pagerduty: true
        case .slack, .teams, .email, .github, .githubDeployment, .githubPullRequest, .grafana, .sentry, .gelf,
            .template:
            false
        }
    }

    /// It shows the whole life of analyses, and is told of more than verdicts.
    package var marksReleases: Bool {
        if case .grafana = self { true } else { false }
    }

    /// Whether the release has what the receiver knows it by.
    func canTell(revision: String?) -> Bool {
        switch self {
        case .github, .githubDeployment, .githubPullRequest: revision.map(GitHubCommit.isCommit) ?? false
        case .slack, .teams, .email, .alertmanager, .pagerduty, .grafana, .sentry, .gelf, .template: true
        }
    }

    /// Those that are sent where the route names none.
    package var usualResults: Set<NotificationResult> {
        keepsAlerts ? [.fail] : NotificationResult.endings
    }

    /// The name of its kind in files and messages.
    package var kind: String {
        switch self {
        case .slack: "slack"
        case .teams: "teams"
        case .email: "email"
        case .alertmanager: "alertmanager"
        case .pagerduty: "pagerduty"
        case .github, .githubDeployment, .githubPullRequest: "github"
        case .grafana: "grafana"
        case .sentry: "sentry"
        case .gelf: "gelf"
        case .template: "template"
        }
    }
}

/// Where in a Grafana releases are marked.
package struct GrafanaPlace: Sendable, Equatable {
    /// The uid of a dashboard; nil for all of the organisation.
    package var dashboard: String?
    /// The number of a panel of the dashboard; nil for all.
    package var panel: Int64?

    package init(dashboard: String? = nil, panel: Int64? = nil) {
        self.dashboard = dashboard
        self.panel = panel
    }
}

package enum NotificationMethod: String, Sendable {
    case get = "GET"
    case post = "POST"
    case patch = "PATCH"
    case delete = "DELETE"
}

/// What is asked of a receiver.
package struct NotificationRequest: Sendable, Equatable {
    package var method = NotificationMethod.post
    /// Follows the receiver's address.
    package var path = ""
    package var headers: [MessageHeader]
    package var body: [UInt8]
    /// Statuses that are answers like a success.
    package var tolerated: Set<Int> = []

    init(json: JSONValue) {
        headers = [MessageHeader(name: "Content-Type", value: "application/json; charset=utf-8")]
        body = json.jsonBytes
    }

    init(headers: [MessageHeader], body: [UInt8]) {
        self.headers = headers
        self.body = body
    }
}
