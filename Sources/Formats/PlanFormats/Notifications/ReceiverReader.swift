import Analysis
import Notifications
import StoredFormats
import Text

/// Reads the part of a destination that says what it is.
struct ReceiverReader {
    private static let github = "https://api.github.com"
    private static let sentry = "https://sentry.io"
    private static let pagerduty = "https://events.pagerduty.com/v2/enqueue"

    private let kind: String
    let fields: YAMLFields

    init?(kind: String, of destination: YAMLFields, _ issues: inout YAMLIssues) {
        let own =
            switch kind {
            case "email": ["server", "port", "encryption", "from", "to", "username"]
            case "alertmanager": ["url", "lasts"]
            case "pagerduty": ["url"]
            case "github": ["url", "repository", "as", "label"]
            case "sentry": ["url", "organization", "projects", "release"]
            case "gelf": ["url"]
            case "grafana": ["url", "dashboard", "panel"]
            case "template": ["url", "escaping", "headers", "body"]
            default: [String]()
            }
        let accepted = own + Self.secretNames(kind).flatMap { ["\($0)File", "\($0)Variable"] } + ["caFile"]
        guard let fields = destination.fields(kind, accepted: accepted, &issues) else { return nil }
        self.kind = kind
        self.fields = fields
    }

    /// What of a receiver is secret: two where its address or a token may be.
    private static func secretNames(_ kind: String) -> [String] {
        switch kind {
        case "slack", "teams": ["url"]
        case "email": ["password"]
        case "alertmanager", "github", "grafana", "sentry", "gelf": ["token"]
        case "pagerduty": ["routingKey"]
        default: ["url", "token"]
        }
    }

    /// Nil with an error where it is needed and left out.
    func secret(_ issues: inout YAMLIssues) -> NotificationDestination.SecretPlace? {
        let names = Self.secretNames(kind).flatMap { ["\($0)File", "\($0)Variable"] }.filter(fields.contains)
        guard names.count <= 1 else {
            issues.add(fields.position, fields.path, "gives \(names.joined(separator: " and ")); one is enough")
            return nil
        }
        guard let name = names.first else {
            if isSecretNeeded {
                let name = Self.secretNames(kind)[0]
                issues.add(fields.position, fields.path, "needs \(name)File or \(name)Variable")
            }
            return nil
        }
        guard let text = fields.text(name, &issues) else { return nil }
        return name.hasSuffix("File") ? .file(text) : .variable(text)
    }

    private var isSecretNeeded: Bool {
        switch kind {
        case "slack", "teams", "pagerduty", "github", "sentry": true
        case "email": fields.contains("username")
        default: false
        }
    }

    func receiver(_ issues: inout YAMLIssues) -> NotificationReceiver? {
        switch kind {
        case "slack": return .slack
        case "teams": return .teams
        case "email": return mail(&issues).map { .email($0) }
        case "alertmanager":
            fields.require("url", &issues)
            let lasts = fields.duration("lasts", &issues) ?? .seconds(86_400)
            if lasts < .seconds(60) {
                issues.add(fields.position(of: "lasts"), fields.path(of: "lasts"), "must be 1m or longer")
            }
            return address("url", &issues).map { .alertmanager(url: $0, lasts: lasts) }
        case "pagerduty": return .pagerduty(url: address("url", &issues) ?? Self.pagerduty)
        case "github": return github(&issues)
        case "grafana": return grafana(&issues)
        case "sentry": return sentry(&issues)
        case "gelf":
            fields.require("url", &issues)
            return address("url", &issues).map { .gelf(url: $0) }
        default: return template(&issues)
        }
    }

    private func address(_ name: String, _ issues: inout YAMLIssues) -> String? {
        guard let url = fields.text(name, &issues) else { return nil }
        let rest = url.split(separator: "://", maxSplits: 1).last ?? ""
        guard ["http://", "https://"].contains(where: { url.hasPrefix($0) }), !rest.isEmpty,
            url.utf8.allSatisfy({ (33...126).contains($0) })
        else {
            issues.add(fields.position(of: name), fields.path(of: name), "must be an http or https URL")
            return nil
        }
        guard !rest.contains("@"), !rest.contains("?"), !rest.contains("#") else {
            issues.add(
                fields.position(of: name),
                fields.path(of: name),
                "must not hold a user, a password, a query or a fragment: a secret stands in a file or a variable"
            )
            return nil
        }
        return url
    }

    private func github(_ issues: inout YAMLIssues) -> NotificationReceiver? {
        fields.require("repository", &issues)
        let url = address("url", &issues) ?? Self.github
        guard let repository = fields.text("repository", &issues) else { return nil }
        let parts = repository.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count != 2 || !parts.allSatisfy(Self.isRepositoryPart) {
            issues.add(
                fields.position(of: "repository"),
                fields.path(of: "repository"),
                "must be of the form owner/name"
            )
        }
        let use = fields.choice("as", of: GitHubUse.self, &issues) ?? .commitStatus
        let label = fields.text("label", &issues)
        if let label, use != .pullRequest || !Self.isLabel(label) {
            issues.add(
                fields.position(of: "label"),
                fields.path(of: "label"),
                "is the beginning of the label of a pull request: with as: \(GitHubUse.pullRequest.rawValue), up to 30 characters"
                    + " without commas"
            )
        }
        return switch use {
        case .commitStatus: .github(url: url, repository: repository)
        case .deployment: .githubDeployment(url: url, repository: repository)
        case .pullRequest: .githubPullRequest(url: url, repository: repository, label: label)
        }
    }

    private enum GitHubUse: String, CaseIterable {
        case commitStatus = "commit-status"
        case deployment
        case pullRequest = "pull-request"
    }

    /// GitHub's labels have 50 characters; the result follows.
    private static func isLabel(_ text: String) -> Bool {
        (1...30).contains(text.count) && !text.contains(",") && text.excerpt() == text
            && text.first?.isWhitespace == false && text.last?.isWhitespace == false
    }

    private func sentry(_ issues: inout YAMLIssues) -> NotificationReceiver? {
        for name in ["organization", "projects"] { fields.require(name, &issues) }
        let url = address("url", &issues) ?? Self.sentry
        guard let organization = fields.text("organization", &issues), let projects = fields.texts("projects", &issues)
        else { return nil }
        if !Self.isSlug(organization) {
            issues.add(fields.position(of: "organization"), fields.path(of: "organization"), "must be the slug of one")
        }
        if projects.isEmpty || !projects.allSatisfy(Self.isSlug) {
            issues.add(fields.position(of: "projects"), fields.path(of: "projects"), "must be slugs of projects")
        }
        do throws(NotificationTemplateError) {
            let name = try NotificationTemplate(fields.text("release", &issues) ?? "${version}", escaping: .none)
            return .sentry(url: url, SentryRelease(organization: organization, projects: projects, name: name))
        } catch {
            issues.add(fields.position(of: "release"), fields.path(of: "release"), error.description)
            return nil
        }
    }

    private static func isSlug(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count) && text.utf8.allSatisfy { isNameByte($0) || "-_".utf8.contains($0) }
    }

    private func grafana(_ issues: inout YAMLIssues) -> NotificationReceiver? {
        fields.require("url", &issues)
        let place = GrafanaPlace(
            dashboard: fields.text("dashboard", &issues),
            panel: fields.integer("panel", &issues).map(Int64.init)
        )
        if let dashboard = place.dashboard,
            !(1...40).contains(dashboard.utf8.count)
                || !dashboard.utf8.allSatisfy({ Self.isNameByte($0) || "-_".utf8.contains($0) })
        {
            issues.add(
                fields.position(of: "dashboard"),
                fields.path(of: "dashboard"),
                "must be the uid of a dashboard: up to 40 letters, digits, - and _"
            )
        }
        if let panel = place.panel, panel < 1 || place.dashboard == nil {
            issues.add(
                fields.position(of: "panel"),
                fields.path(of: "panel"),
                "must be the number of a panel of the dashboard that is given"
            )
        }
        return address("url", &issues).map { .grafana(url: $0, place) }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (65...90).contains(byte) || (48...57).contains(byte)
    }

    private static func isRepositoryPart(_ part: Substring) -> Bool {
        !part.isEmpty && part != "." && part != ".."
            && part.utf8.allSatisfy { isNameByte($0) || "-._".utf8.contains($0) }
    }

    private func mail(_ issues: inout YAMLIssues) -> MailRoute? {
        for name in ["server", "from", "to"] { fields.require(name, &issues) }
        let encryption = fields.choice("encryption", of: MailRoute.Encryption.self, &issues) ?? .starttls
        let port = fields.integer("port", &issues) ?? (encryption == .tls ? 465 : encryption == .none ? 25 : 587)
        if !(1...65_535).contains(port) {
            issues.add(fields.position(of: "port"), fields.path(of: "port"), "must be between 1 and 65535")
        }
        let username = fields.text("username", &issues)
        if username != nil, encryption == .none, fields.contains("encryption") {
            issues.add(
                fields.position(of: "encryption"),
                fields.path(of: "encryption"),
                "a password is not sent without encryption"
            )
        }
        guard let server = fields.text("server", &issues), let from = fields.text("from", &issues),
            let to = fields.texts("to", &issues)
        else { return nil }
        if server.isEmpty || !server.utf8.allSatisfy(Self.isHostByte) {
            issues.add(
                fields.position(of: "server"),
                fields.path(of: "server"),
                "must be the name or address of a host"
            )
        }
        if to.isEmpty { issues.add(fields.position(of: "to"), fields.path(of: "to"), "names no mailbox") }
        for (name, addresses) in [("from", [from]), ("to", to)] where !addresses.allSatisfy(MailRoute.isAddress) {
            issues.add(fields.position(of: name), fields.path(of: name), "must be of the form name@example.org")
        }
        return MailRoute(
            server: server,
            port: port,
            encryption: encryption,
            from: from,
            to: to,
            username: username
        )
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        isNameByte(byte) || "-.:[]".utf8.contains(byte)
    }

    private func template(_ issues: inout YAMLIssues) -> NotificationReceiver? {
        fields.require("body", &issues)
        let isSecretAddress = fields.contains("urlFile") || fields.contains("urlVariable")
        if fields.contains("url") == isSecretAddress {
            issues.add(fields.position, fields.path, "needs one of url, urlFile and urlVariable")
        }
        let url = address("url", &issues)
        let escaping = fields.choice("escaping", of: NotificationTemplate.Escaping.self, &issues) ?? .json
        guard let body = fields.text("body", &issues) else { return nil }
        do throws(NotificationTemplateError) {
            let headers = headers(escaping, &issues)
            return .template(url: url, try NotificationTemplate(body, escaping: escaping, headers: headers))
        } catch {
            issues.add(fields.position(of: "body"), fields.path(of: "body"), error.description)
            return nil
        }
    }

    private static let ofTheConnection: Set = [
        "connection", "content-length", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    private func headers(
        _ escaping: NotificationTemplate.Escaping,
        _ issues: inout YAMLIssues
    ) -> [MessageHeader] {
        var headers: [MessageHeader] = []
        if let given = fields.fields("headers", accepted: nil, &issues) {
            for name in given.names {
                guard let value = given.text(name, &issues) else { continue }
                if !Self.isHeader(name, value) {
                    issues.add(given.position(of: name), given.path(of: name), "is not a header of one line")
                } else if Self.ofTheConnection.contains(name.lowercased()) {
                    issues.add(
                        given.position(of: name),
                        given.path(of: name),
                        "says how the request is sent: leave it out"
                    )
                } else if Self.isSecret(name) {
                    let problem = "may be a secret, which does not stand in this file: give tokenFile or tokenVariable"
                    issues.add(given.position(of: name), given.path(of: name), problem)
                }
                headers.append(MessageHeader(name: name, value: value))
            }
        }
        if !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            let type =
                switch escaping {
                case .json: "application/json; charset=utf-8"
                case .form: "application/x-www-form-urlencoded"
                case .xml: "application/xml; charset=utf-8"
                case .none: "text/plain; charset=utf-8"
                }
            headers.insert(MessageHeader(name: "Content-Type", value: type), at: 0)
        }
        return headers
    }

    private static func isHeader(_ name: String, _ value: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { (33...126).contains($0) && !"()<>@,;:\\\"/[]?={}".utf8.contains($0) }
            && value.utf8.allSatisfy { $0 >= 32 && $0 != 127 }
    }

    private static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["authorization", "cookie", "token", "secret", "key", "password", "signature"].contains {
            name.contains($0) && name != "idempotency-key"
        }
    }
}
