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
    /// The base URL, and where in it releases are marked.
    case grafana(url: String, GrafanaPlace)
    /// `url` is nil where the secret is the address.
    case template(url: String?, NotificationTemplate)

    /// It keeps alerts that are opened and resolved.
    package var keepsAlerts: Bool {
        switch self {
        case .alertmanager, .pagerduty: true
        case .slack, .teams, .email, .github, .grafana, .template: false
        }
    }

    /// It shows the whole life of analyses, and is told of more than verdicts.
    package var marksReleases: Bool {
        if case .grafana = self { true } else { false }
    }

    /// Whether the release has what the receiver knows it by.
    func canTell(_ verdict: Verdict) -> Bool {
        if case .github = self { verdict.revision.map(GitHubStatus.isCommit) ?? false } else { true }
    }

    /// Those that are sent where the route names none.
    package var usualResults: Set<NotificationResult> {
        keepsAlerts ? [.fail] : Set(NotificationResult.allCases)
    }

    /// The name of its kind in files and messages.
    package var kind: String {
        switch self {
        case .slack: "slack"
        case .teams: "teams"
        case .email: "email"
        case .alertmanager: "alertmanager"
        case .pagerduty: "pagerduty"
        case .github: "github"
        case .grafana: "grafana"
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

/// What is posted to a receiver.
package struct NotificationRequest: Sendable, Equatable {
    /// Follows the receiver's address.
    package var path = ""
    package var headers: [MessageHeader]
    package var body: [UInt8]

    init(json: JSONValue) {
        headers = [MessageHeader(name: "Content-Type", value: "application/json; charset=utf-8")]
        body = json.jsonBytes
    }

    init(headers: [MessageHeader], body: [UInt8]) {
        self.headers = headers
        self.body = body
    }
}
