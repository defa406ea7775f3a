/// The states of an execution, in Orca's words.
package enum CanaryStatus: String, Sendable, CaseIterable {
    case notStarted = "not_started"
    case running
    case succeeded
    /// It failed.
    case terminal
    case canceled

    package var isComplete: Bool { self == .succeeded || self == .terminal || self == .canceled }

    /// As Orca's own JSON has it.
    package var capital: String { rawValue.uppercased() }
}
