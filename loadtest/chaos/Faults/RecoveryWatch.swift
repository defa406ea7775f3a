import Analysis
import LoadRig

/// Watches the store after a fault until no work in it is late any more.
struct RecoveryWatch: Sendable {
    struct Recovery: Sendable, Equatable {
        /// From the fault to the last moment at which work was late; nil when it still was when the watch gave up.
        var time: Duration?
        /// The most work that was late at one moment.
        var late: StoreProbe.Backlog
    }

    let probe: StoreProbe
    let lease: Duration

    /// What waits longer than this is late: replicas ask the store at least once a second.
    static let tolerance = Duration.seconds(2)

    /// What a dead replica held may show as late only when its lease has run out: so long there must be nothing.
    private var calm: Duration { lease + Self.tolerance + .seconds(1) }

    /// - Parameter fault: when recovery begins to count.
    func watch(since fault: Timestamp) async throws -> Recovery {
        var recovery = Recovery(time: .zero, late: StoreProbe.Backlog(sessions: 0, events: 0, messages: 0))
        var lastLate = fault
        while true {
            try Task.checkCancellation()
            let now = WallClock.now
            // No answer is late as well: the fault may be the store's.
            if let late = try? await probe.overdue(since: now - Self.tolerance) {
                recovery.late = recovery.late.combined(with: late)
                if !late.isEmpty { lastLate = now }
            } else {
                lastLate = now
            }
            if now.since(lastLate) > calm {
                recovery.time = lastLate.since(fault)
                return recovery
            }
            guard now.since(fault) < lease * 12 else {
                recovery.time = nil
                return recovery
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
