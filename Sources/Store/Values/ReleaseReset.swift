package import Analysis

/// That what was known about the releases of an application was forgotten: who asked for it, when and why.
package struct ReleaseReset: Sendable, Equatable {
    /// Rises with each.
    package var sequence: Int64
    package var application: String
    /// Nil: in all environments.
    package var environment: String?
    package var at: Timestamp
    package var by: String
    package var reason: String

    /// Whether it forgot what was known about a release.
    package func isAbout(_ release: ReleaseIdentity) -> Bool {
        application == release.application && (environment == nil || environment == release.environment)
    }

    /// So many are kept, the newest ones.
    package static let maximumKept = 10_000

    package init(
        sequence: Int64 = 0,
        application: String,
        environment: String?,
        at: Timestamp,
        by: String,
        reason: String
    ) {
        self.sequence = sequence
        self.application = application
        self.environment = environment
        self.at = at
        self.by = by
        self.reason = reason
    }
}
