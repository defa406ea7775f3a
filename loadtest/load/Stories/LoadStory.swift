import Analysis

/// What happens to one application, and what its verdict must be.
struct LoadStory: Sendable, Equatable {
    enum Kind: String, Sendable, CaseIterable {
        /// The canary is like the stable version.
        case healthy
        /// From a sample on, the canary has three times its values.
        case broken
        /// The stable version has no series.
        case withoutControl
    }

    var application: String
    var kind: Kind
    /// Of a broken one: the first bad sample, counted in steps from the end of the warm-up; 1 is the first.
    var badStep: Int?
    /// Scatters the values of its series.
    var seed: UInt64

    /// The result that its final verdict must have.
    var expected: ExpectedResult {
        switch kind {
        case .healthy: .pass
        case .broken: .fail
        case .withoutControl: .inconclusive
        }
    }

    enum ExpectedResult: String, Sendable {
        case pass
        case fail
        case inconclusive
    }
}
