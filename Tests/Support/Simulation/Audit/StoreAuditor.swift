package import Analysis
import Store
import Synchronization

/// Watches what the store accepts, and keeps books of its own about who may write what.
package final class StoreAuditor: Sendable {
    private struct State: Sendable {
        /// The version that was handed out last.
        var versions: [String: Int64] = [:]
        var fences: [ShardLease.Place: Int64] = [:]
        var finals: [String: Verdict] = [:]
    }

    /// How far ahead of the store's own time a process may be: half the longest reading, and a little.
    static let clockTolerance = Duration.milliseconds(1100)

    private let report: @Sendable (String) -> Void
    private let time: @Sendable () -> Timestamp
    private let state = Mutex(State())

    package init(time: @escaping @Sendable () -> Timestamp, report: @escaping @Sendable (String) -> Void) {
        self.time = time
        self.report = report
    }

    func claimed(_ sessions: [StoredSession], by claim: LeaseClaim) {
        checkTime(claim.now, of: claim.owner)
        state.withLock { state in
            for stored in sessions { state.versions[stored.session.id] = stored.version }
        }
    }

    func claimed(_ leases: [ShardLease], by claim: ShardClaim) {
        checkTime(claim.now, of: claim.owner)
        state.withLock { state in
            for lease in leases { state.fences[lease.place] = lease.fence }
        }
    }

    func committed(_ change: StoreChange) {
        let violations = state.withLock { state in
            var violations: [String] = []
            for session in change.opened where state.versions[session.id] == nil { state.versions[session.id] = 1 }
            for stored in change.written {
                let id = stored.session.id
                if let known = state.versions[id], known != stored.version {
                    violations.append(
                        "session \(id) was written under version \(stored.version), which is not \(known)"
                    )
                }
                state.versions[id] = stored.version + 1
            }
            for verdict in change.verdicts where verdict.kind == .final {
                if let known = state.finals[verdict.session], known != verdict {
                    violations.append("session \(verdict.session) has got a second final verdict")
                }
                state.finals[verdict.session] = verdict
            }
            return violations
        }
        for violation in violations { report(violation) }
    }

    func settled(under lease: ShardLease) {
        let fence = state.withLock { $0.fences[lease.place] }
        if fence != lease.fence {
            report("shard \(lease.shard) was settled under fence \(lease.fence), which is not \(fence ?? 0)")
        }
    }

    private func checkTime(_ now: Timestamp, of owner: String) {
        let ahead = now.since(time())
        if ahead > Self.clockTolerance { report("\(owner) claims by a time that is \(ahead) ahead of the store's") }
    }
}

extension ShardLease {
    fileprivate struct Place: Hashable, Sendable {
        var sink: OutboxSink
        var shard: Int
    }

    fileprivate var place: Place { Place(sink: sink, shard: shard) }
}
