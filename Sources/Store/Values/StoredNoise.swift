package import Analysis

/// What the noise of a metric belongs to: the same metric of the same plan, asked for by the same query in the same units.
package struct NoiseKey: Sendable, Hashable {
    package var application: String
    package var environment: String
    /// The metric's name.
    package var metric: String
    /// Of all else that must be the same.
    package var digest: String

    package init(application: String, environment: String, metric: String, digest: String) {
        self.application = application
        self.environment = environment
        self.metric = metric
        self.digest = digest
    }
}

/// What an analysis has learned of a metric's noise, for later ones of its application.
package struct StoredNoise: Sendable, Equatable {
    package var key: NoiseKey
    /// The end of the time that it was learned from.
    package var learnedAt: Timestamp
    /// With a form of its own; the store does not read it.
    package var bytes: [UInt8]

    /// Older ones are not used, and deleted.
    package static let longestAge = Duration.seconds(30 * 86_400)
    /// So many are kept of an application in one environment, the newest.
    package static let mostOfRelease = 200

    package init(key: NoiseKey, learnedAt: Timestamp, bytes: [UInt8]) {
        self.key = key
        self.learnedAt = learnedAt
        self.bytes = bytes
    }
}
