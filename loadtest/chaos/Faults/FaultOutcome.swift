/// What came of a fault.
struct FaultOutcome: Sendable {
    var fault: Fault
    /// From the moment from which recovery counts until all work that was due or under way then was done; nil when it
    /// was not done in time.
    var recovery: Duration?
    /// False where there is no store to ask.
    var isMeasured = true
    /// Work that was late when the fault had been made.
    var overdue: StoreProbe.Backlog?
    /// Of a replica that came back: from its start to its first look, and its share of the looks after that.
    var join: (first: Duration, share: Double)?
    /// What else is worth a word.
    var note: String?

    /// Leases bound how long a replica's work lies idle; an outage takes as long as it takes.
    var isBounded: Bool { fault.kind.isOfReplica }

    func isTooSlow(lease: Duration) -> Bool {
        guard isBounded, isMeasured else { return false }
        return recovery.map { $0 > lease * 2 } ?? true
    }
}
