import Analysis
import JSON
import StoredFormats

/// Which releases of Sentry are marked, and how they are called there.
package struct SentryRelease: Sendable, Equatable {
    package var organization: String
    package var projects: [String]
    /// A template without escaping.
    package var name: NotificationTemplate

    package init(organization: String, projects: [String], name: NotificationTemplate) {
        self.organization = organization
        self.projects = projects
        self.name = name
    }
}

/// A release in Sentry with a deploy that says how it went. A repeat finds the deploy by its name.
struct SentryDeploy: NotificationExchange {
    private enum Step: Sendable {
        case release
        case deploys
        case deploy
        case done
    }

    /// As Sentry limits them.
    private static let maximumVersion = 200
    private static let maximumName = 64

    private let release: SentryRelease
    private let notification: NotificationForm
    private let version: String
    private let name: String
    private var step = Step.release

    /// Nil where Sentry could not name the release.
    init?(_ notification: NotificationForm, _ release: SentryRelease) {
        self.release = release
        self.notification = notification
        guard let version = Self.version(release.name.text(notification)) else { return nil }
        self.version = version
        let id = "(Assay \(notification.session.prefix(12)))"
        name = "\(notification.word.prefix(Self.maximumName - 1 - id.count)) \(id)"
    }

    /// Sentry refuses slashes and white space that no name of its own has.
    private static func version(_ text: String) -> String? {
        let version = String(
            text.unicodeScalars.prefix(maximumVersion).map { scalar in
                "/\\".unicodeScalars.contains(scalar) || scalar.properties.isWhitespace
                    || scalar.properties.generalCategory == .control ? "-" : Character(scalar)
            }
        )
        return [".", "..", "", "latest"].contains(version.lowercased()) ? nil : version
    }

    mutating func next(
        after answer: NotificationAnswer?
    ) throws(NotificationExchangeError) -> NotificationRequest? {
        let releases = "/api/0/organizations/\(release.organization)/releases/"
        let deploys = "\(releases)\(version.percentEncoded)/deploys/"
        switch step {
        case .release:
            step = .deploys
            // One that is there is taken over, with what it has.
            let body: JSONObject = [
                "version": .string(version), "projects": .array(release.projects.map { .string($0) }),
            ]
            return request(.post, releases, body)
        case .deploys:
            step = .deploy
            return request(.get, deploys)
        case .deploy:
            step = .done
            let known = try answer.elements().contains {
                $0["name"]?.text == name && $0["environment"]?.text == environment
            }
            guard !known else { return nil }
            let body: JSONObject = [
                "environment": .string(environment), "name": .string(name),
                "url": notification.link.map { .string($0) },
                "dateFinished": .string(notification.decidedAt.rfc3339),
            ]
            return request(.post, deploys, body)
        case .done: return nil
        }
    }

    /// Sentry takes 64 characters.
    private var environment: String { String(notification.environment.prefix(Self.maximumName)) }

    private func request(_ method: NotificationMethod, _ path: String, _ body: JSONObject? = nil) -> NotificationRequest
    {
        var request = body.map { NotificationRequest(json: .object($0)) } ?? NotificationRequest(headers: [], body: [])
        request.method = method
        request.path = path
        return request
    }
}
