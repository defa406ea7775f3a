package import Analysis
package import StoredFormats

/// Where notifications go, as an operator describes it. Secrets are named, and not held.
package struct NotificationDestination: Sendable, Equatable {
    /// Lower-case letters, digits and hyphens.
    package var name: String
    package var receiver: NotificationReceiver
    /// Where its address, token or password is kept; nil where it needs none.
    package var secret: SecretPlace?
    /// PEM file of the authorities to trust instead of the system's.
    package var caFile: String?
    package var route: NotificationRoute

    package init(
        name: String,
        receiver: NotificationReceiver,
        secret: SecretPlace? = nil,
        caFile: String? = nil,
        route: NotificationRoute? = nil
    ) {
        self.name = name
        self.receiver = receiver
        self.secret = secret
        self.caFile = caFile
        self.route = route ?? NotificationRoute(results: receiver.usualResults)
    }

    /// Where a secret is kept.
    package enum SecretPlace: Sendable, Equatable {
        case file(String)
        case variable(String)
    }

    /// What is to be done about a notification.
    package enum Step: Sendable, Equatable {
        /// Tell it, or open an alert.
        case tell
        /// End the alert that was opened.
        case resolve
        case nothing
    }

    /// Whether it marks a release.
    package func marks(_ release: ReleaseIdentity) -> Bool { receiver.marksReleases && route.isAbout(release) }

    /// Whether a verdict concerns the destination: where it keeps alerts, a release that passes may end one.
    package func takes(_ verdict: Verdict) -> Bool {
        let result = NotificationResult(verdict)
        return isAbout(verdict.release, revision: verdict.revision)
            && (route.takes(result) || receiver.keepsAlerts && result == .pass)
    }

    /// Whether it wants to know that an analysis begins.
    package func takes(startOf session: AnalysisSession) -> Bool {
        isAbout(session.event.release, revision: session.event.revision) && route.takes(.started)
    }

    private func isAbout(_ release: ReleaseIdentity, revision: String?) -> Bool {
        !receiver.marksReleases && route.isAbout(release) && receiver.canTell(revision: revision)
    }

    /// The same state of the same release is told once, and an alert is ended where there is one.
    ///
    /// - Parameter told: the state that the destination was told last of releases in this place; nil for none.
    package func step(for notification: NotificationForm, told: String?) -> Step {
        guard told != Self.state(of: notification) else { return .nothing }
        guard receiver.keepsAlerts, notification.result == NotificationResult.pass.rawValue else { return .tell }
        let isOpen = told.map { !$0.hasPrefix(Self.mark(NotificationResult.pass.rawValue)) } ?? false
        return isOpen ? .resolve : .nothing
    }

    /// The state of a release, by which its repeats are known.
    package static func state(of notification: NotificationForm) -> String {
        mark(notification.result) + notification.version
    }

    private static func mark(_ result: String) -> String { "\(result) of " }
}
