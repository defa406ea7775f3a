import Analysis

/// Which notifications a destination gets.
package struct NotificationRoute: Sendable, Equatable {
    /// Patterns as plans have them; empty for all.
    package var applications: [String]
    package var environments: [String]
    package var results: Set<NotificationResult>
    /// This severe or more.
    package var severity: NotificationSeverity

    package init(
        applications: [String] = [],
        environments: [String] = [],
        results: Set<NotificationResult> = NotificationResult.endings,
        severity: NotificationSeverity = .info
    ) {
        self.applications = applications
        self.environments = environments
        self.results = results
        self.severity = severity
    }

    func isAbout(_ release: ReleaseIdentity) -> Bool {
        Self.matches(release.application, applications) && Self.matches(release.environment, environments)
    }

    /// Whether no result is told.
    package var isClosed: Bool { !NotificationResult.allCases.contains(where: takes) }

    func takes(_ result: NotificationResult) -> Bool { results.contains(result) && result.severity >= severity }

    private static func matches(_ name: String, _ patterns: [String]) -> Bool {
        patterns.isEmpty || patterns.contains { $0 == name || Glob.matches($0, name) }
    }
}
