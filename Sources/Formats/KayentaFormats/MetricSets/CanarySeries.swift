package import Analysis

/// A series as Prometheus told it: the samples that there are, and no gaps.
package struct CanarySeries: Sendable, Equatable {
    /// Without `__name__`.
    package var tags: [String: String]
    package var times: [Timestamp]
    package var values: [Double]

    package init(tags: [String: String], times: [Timestamp], values: [Double]) {
        self.tags = tags
        self.times = times
        self.values = values
    }
}
