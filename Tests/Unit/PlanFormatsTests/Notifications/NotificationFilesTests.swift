import Notifications
import PlanFormats
import StoredFormats
import Testing

@Suite struct NotificationFilesTests {
    private static let good = """
        apiVersion: assay.dev/v1
        kind: NotificationDestination
        name: payments-chat
        slack:
          urlFile: /run/secrets/slack
        match:
          applications: ["payments-*"]
          environments: [production]
          results: [fail, errored]
          severity: warning
        ---
        apiVersion: assay.dev/v1
        kind: NotificationDestination
        name: cards
        teams: {urlVariable: TEAMS_URL}
        ---
        apiVersion: assay.dev/v1
        kind: NotificationDestination
        name: post
        email:
          server: mail.example.org
          from: assay@example.org
          to: [oncall@example.org]
          username: assay
          passwordFile: /run/secrets/mail
        ---
        apiVersion: assay.dev/v1
        kind: NotificationDestination
        name: alerts
        alertmanager: {url: "http://alertmanager:9093", lasts: 4h}
        ---
        apiVersion: assay.dev/v1
        kind: NotificationDestination
        name: pages
        pagerduty: {routingKeyFile: /run/secrets/pagerduty}
        ---
        apiVersion: assay.dev/v1
        kind: NotificationDestination
        name: commits
        github: {repository: acme/shop, tokenFile: /run/secrets/github}
        ---
        apiVersion: assay.dev/v1
        kind: NotificationDestination
        name: boards
        grafana: {url: "https://grafana.example.org/g", tokenFile: /run/secrets/grafana, dashboard: shop-1, panel: 4}
        match: {applications: [shop]}
        ---
        apiVersion: assay.dev/v1
        kind: NotificationDestination
        name: errors
        sentry:
          organization: acme
          projects: [shop]
          release: "${application}@${version}"
          tokenFile: /run/secrets/sentry
        ---
        apiVersion: assay.dev/v1
        kind: NotificationDestination
        name: comments
        github: {repository: acme/web, as: pull-request, label: assay, tokenFile: /run/secrets/github}
        match: {results: [started, fail]}
        ---
        apiVersion: assay.dev/v1
        kind: NotificationDestination
        name: deployments
        github: {repository: acme/web, as: deployment, tokenFile: /run/secrets/github}
        ---
        apiVersion: assay.dev/v1
        kind: NotificationDestination
        name: log
        gelf: {url: "http://graylog:12201/gelf"}
        ---
        apiVersion: assay.dev/v1
        kind: NotificationDestination
        name: other
        template:
          url: https://hooks.example.org/releases
          tokenFile: /run/secrets/hooks
          headers: {X-Team: platform}
          body: '{"text": "${title}"}'
        """

    @Test func aFileHoldsDestinationsInTheirOrder() throws {
        let read = try NotificationFiles.read(Self.good, file: "n.yaml")
        #expect(
            read.map(\.name)
                == [
                    "payments-chat", "cards", "post", "alerts", "pages", "commits", "boards", "errors", "comments",
                    "deployments", "log", "other",
                ]
        )
        #expect(
            read.map(\.receiver.kind)
                == [
                    "slack", "teams", "email", "alertmanager", "pagerduty", "github", "grafana", "sentry", "github",
                    "github", "gelf", "template",
                ]
        )
        #expect(
            read[0].route
                == NotificationRoute(
                    applications: ["payments-*"],
                    environments: ["production"],
                    results: [.fail, .errored],
                    severity: .warning
                )
        )
        #expect(read[0].secret == .file("/run/secrets/slack") && read[1].secret == .variable("TEAMS_URL"))
        #expect(read[1].route.results == NotificationResult.endings && read[4].route.results == [.fail])
        guard case .email(let mail) = read[2].receiver else { throw FileProblem() }
        #expect(mail.port == 587 && mail.encryption == .starttls && mail.username == "assay")
        #expect(read[3].receiver == .alertmanager(url: "http://alertmanager:9093", lasts: .seconds(14_400)))
        #expect(read[4].receiver == .pagerduty(url: "https://events.pagerduty.com/v2/enqueue"))
        guard case .sentry("https://sentry.io", let release) = read[7].receiver else { throw FileProblem() }
        #expect(release.organization == "acme" && release.projects == ["shop"])
        let github = "https://api.github.com"
        #expect(read[8].receiver == .githubPullRequest(url: github, repository: "acme/web", label: "assay"))
        #expect(read[8].route.results == [.started, .fail])
        #expect(read[9].receiver == .githubDeployment(url: github, repository: "acme/web"))
        #expect(read[10].receiver == .gelf(url: "http://graylog:12201/gelf") && read[10].secret == nil)
        #expect(
            read[6].receiver
                == .grafana(url: "https://grafana.example.org/g", GrafanaPlace(dashboard: "shop-1", panel: 4))
        )
        guard case .template(_, let template) = read[11].receiver else { throw FileProblem() }
        #expect(template.headers.map(\.name) == ["Content-Type", "X-Team"])
    }

    private struct FileProblem: Error {}

    @Test(arguments: [
        ("kind: NotificationDestination", "kind: HookProfile", "kind"),
        ("name: payments-chat", "name: Payments", "name"), ("name: payments-chat", "name: cards", "name"),
        ("urlFile: /run/secrets/slack", "url: https://hooks.slack.com/services/T/B/x", "slack.url"),
        ("  urlFile: /run/secrets/slack", "  caFile: ca.pem", "slack"),
        ("  urlFile: /run/secrets/slack", "  urlFile: a\n  urlVariable: B", "slack"),
        ("slack:", "slak:", "slak"), ("results: [fail, errored]", "results: [failed]", "match.results"),
        ("results: [fail, errored]", "results: []", "match"),
        ("results: [fail, errored]", "results: [pass]", "match"),
        ("severity: warning", "severity: high", "match.severity"),
        ("applications: [\"payments-*\"]", "applications: []", "match.applications"),
        ("X-Team: platform", "Content-Length: platform", "template.headers"),
        ("to: [oncall@example.org]", "to: [\"a@b, c@d\"]", "email.to"), ("server: mail.example.org", "", "email"),
        ("from: assay@example.org", "from: assay", "email.from"), ("  passwordFile: /run/secrets/mail", "", "email"),
        ("username: assay", "username: assay\n  encryption: none", "email.encryption"),
        ("server: mail.example.org", "server: mail.example.org\n  port: 0", "email.port"),
        ("http://alertmanager:9093", "http://u:p@alertmanager:9093", "alertmanager.url"),
        ("http://alertmanager:9093", "alertmanager:9093", "alertmanager.url"),
        ("pagerduty: {routingKeyFile: /run/secrets/pagerduty}", "pagerduty: {routingKey: x}", "pagerduty"),
        (
            "pagerduty: {routingKeyFile: /run/secrets/pagerduty}",
            "pagerduty: {routingKeyFile: a}\nmatch: {results: [pass]}", "match.results"
        ),
        (
            "pagerduty: {routingKeyFile: /run/secrets/pagerduty}",
            "pagerduty: {routingKeyFile: a}\nmatch: {results: [started]}", "match.results"
        ), ("${title}", "${titel}", "template.body"), ("X-Team: platform", "X-Api-Key: platform", "template.headers"),
        ("X-Team: platform", "\"X Team\": platform", "template.headers"),
        ("  url: https://hooks.example.org/releases\n", "", "template"),
        ("acme/shop", "../shop", "github.repository"), ("acme/shop", "acme/shop/x", "github.repository"),
        (", tokenFile: /run/secrets/github", "", "github"),
        ("dashboard: shop-1", "dashboard: shop/1", "grafana.dashboard"), ("panel: 4", "panel: 0", "grafana.panel"),
        ("dashboard: shop-1, ", "", "grafana.panel"), ("url: \"https://grafana.example.org/g\", ", "", "grafana"),
        ("{applications: [shop]}", "{results: [fail]}", "match.results"),
        ("results: [fail, errored]", "results: [starts]", "match.results"),
        ("as: pull-request", "as: comment", "github.as"), ("as: pull-request", "as: deployment", "github.label"),
        ("label: assay", "label: \"a,b\"", "github.label"), ("label: assay", "label: \" a\"", "github.label"),
        ("organization: acme", "organization: a/b", "sentry.organization"),
        ("projects: [shop]", "projects: []", "sentry"),
        ("  projects: [shop]\n", "", "sentry"), ("projects: [shop]", "projects: [\"a b\"]", "sentry.projects"),
        ("${application}@${version}", "${app}", "sentry.release"),
        ("  tokenFile: /run/secrets/sentry\n", "", "sentry"),
        ("gelf: {url: \"http://graylog:12201/gelf\"}", "gelf: {}", "gelf"),
        ("{applications: [shop]}", "{severity: critical}", "match.severity"),
        ("name: other", "name: other\nslack: {urlFile: x}", ""),
    ])
    func whatIsWrongIsSaidAtItsPlace(part: String, change: String, field: String) {
        let text = Self.good.replacing(part, with: change, maxReplacements: 1)
        #expect(text != Self.good)
        do throws(PlanFileErrors) {
            _ = try NotificationFiles.read(text, file: "n.yaml")
            Issue.record("\(change) was read")
        } catch {
            #expect(error.errors.contains { $0.field.hasPrefix(field) && $0.line > 0 }, "\(error)")
        }
    }

    @Test(arguments: ["", "# nothing", "- a", "7", "a: ["]) func whatHoldsNoDestination(text: String) {
        #expect(throws: PlanFileErrors.self) { try NotificationFiles.read(text, file: "n.yaml") }
    }

    @Test func thereAreOnlySoManyDestinations() {
        let text = (0...NotificationFiles.maximumDestinations).map { index in
            """
            apiVersion: assay.dev/v1
            kind: NotificationDestination
            name: d\(index)
            slack: {urlFile: x}
            """
        }.joined(separator: "\n---\n")
        #expect(throws: PlanFileErrors.self) { try NotificationFiles.read(text, file: "n.yaml") }
    }
}
