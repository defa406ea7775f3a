package import Analysis
import EventFormats
import Synchronization

/// Counts observations; the command line exports the snapshot.
package final class RolloutStatistics: Sendable {
    package struct Snapshot: Sendable, Equatable {
        package struct Action: Sendable, Hashable {
            package var kind: ActionKind
            package var outcome: ActionOutcome

            package init(kind: ActionKind, outcome: ActionOutcome) {
                self.kind = kind
                self.outcome = outcome
            }
        }

        package var verdicts: [VerdictKind: Int] = [:]
        package var actions: [Action: Int] = [:]
        package var dropped: [DropReason: Int] = [:]
        package var skipped: [RecordSkip: Int] = [:]
        package var retries = 0
        package var deadLetters = 0
        package var distrusted: [Distrust: Int] = [:]
        /// What of the ledger names a time in the future, and does not count.
        package var ledgerFuture = 0
        /// Verdicts that wait or are being acted on now.
        package var backlog = 0
        /// Why the actuator's back end was out of reach when it was asked last; nil when it answered.
        package var backEndTrouble: String?
        /// Why the ledger has not been read; nil once it has.
        package var ledgerTrouble: String? = "the ledger is being read"

        package init() {}
    }

    private let counts = Mutex(Snapshot())

    package init() {}

    package var snapshot: Snapshot { counts.withLock { $0 } }

    package var observer: RolloutObserver {
        RolloutObserver { [self] observation in counts.withLock { $0.count(observation) } }
    }
}

extension RolloutStatistics.Snapshot {
    mutating func count(_ observation: RolloutObservation) {
        switch observation {
        case .verdict(let kind, _, _): verdicts[kind, default: 0] += 1
        case .dropped(let reason): dropped[reason, default: 0] += 1
        case .skipped(let reason): skipped[reason, default: 0] += 1
        case .published(let kind, let outcome): actions[Action(kind: kind, outcome: outcome), default: 0] += 1
        case .answered: break
        case .reachedBackEnd: backEndTrouble = nil
        case .missedBackEnd(let reason): backEndTrouble = reason
        case .readLedger: ledgerTrouble = nil
        case .missedLedger(let reason): ledgerTrouble = reason
        case .retried: retries += 1
        case .deadLettered: deadLetters += 1
        case .distrusted(let reason): distrusted[reason, default: 0] += 1
        case .ignoredLedger(let count): ledgerFuture += count
        case .forgotFuture: ledgerFuture += 1
        case .backlog(let count): backlog = count
        }
    }
}
