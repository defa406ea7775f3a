/// Which values of a label count as new, and what they mean.
package struct NewValuesRule: Sendable, Equatable {
    package var label: String
    /// Fewer events name nothing.
    package var atLeast: Double
    package var policy: NewValuesPolicy

    package static let standardEvents = 5.0

    package init(label: String, atLeast: Double = standardEvents, policy: NewValuesPolicy = .warn) {
        self.label = label
        self.atLeast = atLeast
        self.policy = policy
    }
}

/// What it means that the new version shows a value which the control never had.
package enum NewValuesPolicy: String, Sendable, CaseIterable {
    /// It is said.
    case warn
    /// The release does not pass by the metric.
    case hold
    /// The metric fails.
    case fail
}
