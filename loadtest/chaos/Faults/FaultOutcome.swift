/// What came of a fault.
struct FaultOutcome: Sendable {
    var fault: Fault
    /// From the moment from which recovery counts until no work was late any more; its time is nil when that took too long.
    var recovery: RecoveryWatch.Recovery?
    /// Of a replica that came back: from its start to its first look, and its share of the looks after that.
    var join: (first: Duration, share: Double)?
    /// What else is worth a word.
    var note: String?

    /// Leases bound how long a replica's work lies idle; an outage takes as long as it takes.
    var isBounded: Bool { fault.kind.isOfReplica }

    func isTooSlow(lease: Duration) -> Bool {
        guard isBounded, let recovery else { return false }
        return recovery.time.map { $0 > lease * 2 } ?? true
    }
}
