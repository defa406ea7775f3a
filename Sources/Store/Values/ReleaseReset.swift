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

    /// How many of the newest resets are looked through.
    package static let looked = 200

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

extension ReleaseHistory {
    /// Whether a version may have been taken back since it was deployed, or what is known of it been reset: nothing goes on
    /// by its analysis then.
    ///
    /// - Parameter resets: the newest ones, `ReleaseReset.looked` of them.
    package func mayHaveLost(
        _ version: String,
        of release: ReleaseIdentity,
        deployedAt time: Timestamp,
        resets: [ReleaseReset]
    ) -> Bool {
        mayHaveWithdrawn(version, of: release, since: time)
            || resets.contains { $0.isAbout(release) && $0.at >= time }
            || resets.count >= ReleaseReset.looked && resets.last.map { $0.at >= time } ?? false
    }
}
