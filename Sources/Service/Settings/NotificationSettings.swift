package import Engine
import Foundation
import Grafana
import HTTPTransport
import Mail
package import Notifications
import PlanFormats
package import Store
import Text
import TextFiles

/// Where notifications go, with the secrets that the destinations name.
package struct NotificationSettings: Sendable {
    package let destinations: [NotificationDestination]
    /// By the name of the destination.
    private let secrets: [String: Secret]

    package init(
        _ settings: Settings,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        destinations = try Self.destinations(settings)
        var secrets: [String: Secret] = [:]
        for destination in destinations {
            switch destination.secret {
            case .file(let path):
                secrets[destination.name] = try Secret(
                    file: path,
                    observer: settings.secrets.observer(of: .notificationsFile)
                )
            case .variable(let name):
                guard let value = environment[name], !value.isEmpty else {
                    throw SettingsError(
                        "\(SettingKey.notificationsFile.rawValue): \(destination.name): the variable \(name.excerpt()) is not set"
                    )
                }
                secrets[destination.name] = Secret(value)
            case nil: break
            }
        }
        self.secrets = secrets
    }

    /// What the file says, without its secrets; empty without a file.
    static func destinations(_ settings: Settings) throws -> [NotificationDestination] {
        guard let path = settings.text(.notificationsFile) else { return [] }
        do { return try NotificationFiles.read(try TextFile.read(path, maximumBytes: 1 << 20), file: path) } catch {
            throw SettingsError("\(SettingKey.notificationsFile.rawValue): \(error)")
        }
    }

    package var sinks: [OutboxSink] { destinations.map { .notification($0.name) } }

    /// A sink for each destination, with a client of its own: one that hangs holds up no other.
    package func sinks(_ store: any Store) throws -> [any MessageSink] {
        try destinations.map { destination -> any MessageSink in
            guard case .grafana(let url, let place) = destination.receiver else {
                return NotificationSink(destination, post: try post(to: destination), store: store)
            }
            return AnnotationSink(
                .notification(destination.name),
                grafana: GrafanaClient(baseURL: url, http: try client(of: destination)),
                store: store,
                place: place
            )
        }
    }

    private func client(of destination: NotificationDestination) throws -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.tls = TLSOptions(caFile: destination.caFile)
        configuration.maximumConcurrentRequestsPerHost = 2
        let use = secrets[destination.name].map { destination.receiver.use(of: $0) }
        if case .token(let token)? = use { configuration.authentication = .bearer(token) }
        return try HTTPClient(configuration: configuration)
    }

    private func post(to destination: NotificationDestination) throws -> any NotificationPost {
        let secret = secrets[destination.name]
        if case .email(let route) = destination.receiver {
            let tls = TLSOptions(caFile: destination.caFile)
            let mail = SMTPClient(Self.mail(route, password: secret, tls))
            return MailNotificationPost(name: destination.name, route: route, mail: mail)
        }
        let use = secret.map { destination.receiver.use(of: $0) }
        let address: HTTPNotificationPost.Address
        if case .address(let secret)? = use {
            address = .secret(secret)
        } else {
            address = .open(destination.receiver.openURL ?? "")
        }
        let key: Secret? = if case .key(let key)? = use { key } else { nil }
        return HTTPNotificationPost(
            name: destination.name,
            receiver: destination.receiver,
            address: address,
            key: key,
            http: try client(of: destination)
        )
    }

    private static func mail(_ route: MailRoute, password: Secret?, _ tls: TLSOptions) -> SMTPClient.Configuration {
        SMTPClient.Configuration(
            url: "\(route.encryption == .tls ? "smtps" : "smtp")://\(route.server):\(route.port)",
            requiresTLS: route.encryption != .none,
            user: route.username,
            password: password,
            tls: tls
        )
    }

    /// Files with secrets that the destinations name.
    static func secretFiles(_ settings: Settings) -> [String] {
        ((try? destinations(settings)) ?? []).compactMap { destination in
            if case .file(let path)? = destination.secret { path } else { nil }
        }
    }

    /// Where a secret would travel unencrypted, a sentence each.
    static func exposures(_ settings: Settings) -> [String] {
        guard let all = try? NotificationSettings(settings) else { return [] }
        return all.destinations.compactMap { destination in
            guard let secret = all.secrets[destination.name] else { return nil }
            let isAddress = if case .address = destination.receiver.use(of: secret) { true } else { false }
            let url = isAddress ? secret.value : destination.receiver.openURL ?? ""
            guard url.lowercased().hasPrefix("http://"), !LoopbackHost.contains(address: url) else { return nil }
            return "\(destination.name) gets its secret unencrypted: use https"
        }
    }
}

extension NotificationReceiver {
    fileprivate enum SecretUse {
        case address(Secret)
        case token(Secret)
        /// In the body.
        case key(Secret)
    }

    fileprivate func use(of secret: Secret) -> SecretUse {
        switch self {
        case .slack, .teams, .template(nil, _): .address(secret)
        case .pagerduty: .key(secret)
        case .alertmanager, .email, .gelf, .github, .githubDeployment, .githubPullRequest, .grafana, .sentry, .template:
            .token(secret)
        }
    }

    /// The address that the file holds; nil where it is a secret, or there is none.
    fileprivate var openURL: String? {
        switch self {
        case .slack, .teams, .email: nil
        case .alertmanager(let url, _), .pagerduty(let url), .github(let url, _), .githubDeployment(let url, _),
            .githubPullRequest(let url, _, _), .grafana(let url, _), .sentry(let url, _), .gelf(let url):
            url
        case .template(let url, _): url
        }
    }
}
