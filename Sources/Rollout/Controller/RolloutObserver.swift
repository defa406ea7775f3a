package import Analysis
package import Judging

/// What the controller does, told as it happens, to be counted.
package enum RolloutObservation: Sendable, Equatable {
    /// A well-formed verdict was read.
    case verdict(VerdictKind, VerdictStatus, JudgementResult)
    /// A verdict was passed over.
    case dropped(DropReason)
    /// An event that is no verdict was passed over.
    case skipped(RecordSkip)
    /// A rollout event was published.
    case published(ActionKind, ActionOutcome)
    /// The time from the verdict's decision to the publication of the event about it.
    case answered(Duration)
    /// The actuator failed and is asked again later.
    case retried(ActionKind)
    /// The actuator's back end answered, or was out of reach for the reason given.
    case reachedBackEnd
    case missedBackEnd(String)
    /// The ledger was read to its end, or could not be, for the reason given.
    case readLedger
    case missedLedger(String)
    /// What could not be read as a verdict was set aside.
    case deadLettered
    /// A verdict was not believed; it was set aside too.
    case distrusted(Distrust)
    /// The ledger was read without so many rollout events, which name a time in the future.
    case ignoredLedger(Int)
    /// What the ledger said about a release was forgotten, because it names a time in the future.
    case forgotFuture
    /// Verdicts that wait or are being acted on.
    case backlog(Int)
}

package enum RecordSkip: String, Sendable, CaseIterable {
    /// A record without a value.
    case tombstone
    /// An event of a type that is not a verdict.
    case unknownType
}

/// Takes the observations; called on any task, must not block.
package struct RolloutObserver: Sendable {
    package var observe: @Sendable (RolloutObservation) -> Void

    package init(observe: @escaping @Sendable (RolloutObservation) -> Void) {
        self.observe = observe
    }

    package static let none = RolloutObserver { _ in }

    package func callAsFunction(_ observation: RolloutObservation) { observe(observation) }
}
