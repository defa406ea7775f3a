package import Analysis
import EventFormats

/// What the demo hears of an analysis, from outside: from the topics that any client can read.
package enum DemoObservation: Sendable, Equatable {
    case verdict(Verdict)
    case action(RolloutAction)
}

/// Where verdicts and actions come from.
package protocol DemoFeed: Sendable {
    /// Hands over everything from the beginning on, until the task is cancelled.
    ///
    /// - Parameter brokers: the broker's address, as `assay broker` prints it.
    func follow(brokers: String, deliver: @escaping @Sendable (DemoObservation) -> Void) async throws
}
