import Analysis
import Demo
import Glibc

/// Makes the faults of a schedule happen, and measures how long the work takes to recover.
struct FaultRunner: Sendable {
    let cluster: Cluster
    let lease: Duration
    let share: LookShare
    let say: @Sendable (String) -> Void

    /// Commands that take a real broker down and bring it back, for `sh -c`.
    var brokerCommands: (down: String, up: String)?

    /// How long recovery is waited for.
    private var patience: Duration { lease * 10 }
    private static let joinStretch = Duration.seconds(10)

    func run(_ schedule: FaultSchedule, from start: ContinuousClock.Instant) async throws -> [FaultOutcome] {
        try await withThrowingTaskGroup(of: (Int, FaultOutcome).self) { group in
            for (index, fault) in schedule.faults.enumerated() {
                group.addTask {
                    try await ContinuousClock().sleep(until: start + fault.at)
                    return (index, try await make(fault))
                }
            }
            var outcomes: [(Int, FaultOutcome)] = []
            for try await outcome in group { outcomes.append(outcome) }
            return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func make(_ fault: Fault) async throws -> FaultOutcome {
        say(fault.text)
        var outcome = FaultOutcome(fault: fault)
        switch fault.kind {
        case .kill: try await replaced(fault, by: SIGKILL, &outcome)
        case .stop: try await replaced(fault, by: SIGTERM, &outcome)
        case .pause, .pauseInTransaction: try await paused(fault, &outcome)
        default:
            try await outage(fault)
            try await recover(&outcome, since: WallClock.now)
        }
        let recovery = outcome.recovery.map { "recovered after \($0.seconds.formatted(decimals: 1)) s" }
        let missing = outcome.isMeasured ? "not recovered in \(patience.components.seconds) s" : "over"
        say("\(fault.text): \(recovery ?? missing)")
        return outcome
    }

    /// Ends a replica and starts it again while what it left is waited for.
    private func replaced(_ fault: Fault, by signal: Int32, _ outcome: inout FaultOutcome) async throws {
        let replica = cluster.replicas[(fault.replica ?? 1) - 1]
        let time = WallClock.now
        let exit = await replica.end(signal: signal)
        if signal == SIGTERM, let exit, exit != .code(0) { outcome.note = "the process \(exit)" }
        async let back: (first: Duration, share: Double)? = restarted(replica, after: fault.lasting)
        try await recover(&outcome, since: time)
        outcome.join = try await back
    }

    private func restarted(_ replica: Replica, after pause: Duration) async throws -> (first: Duration, share: Double)?
    {
        try await Task.sleep(for: pause)
        try await replica.start()
        guard let run = replica.current else { return nil }
        let deadline = run.startedAt + lease * 2 + Self.joinStretch
        while ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(500))
            let (process, start) = (run.process.id, run.startedAt)
            let join = share.afterJoin(of: replica.number, process: process, at: start, over: Self.joinStretch)
            if let join, ContinuousClock.now > start + join.first + Self.joinStretch { return join }
        }
        return share.afterJoin(
            of: replica.number,
            process: run.process.id,
            at: run.startedAt,
            over: Self.joinStretch
        )
    }

    private func paused(_ fault: Fault, _ outcome: inout FaultOutcome) async throws {
        let replica = cluster.replicas[(fault.replica ?? 1) - 1]
        if fault.kind == .pauseInTransaction {
            guard try await pauseInTransaction(replica) else {
                outcome.note = "no transaction was met"
                outcome.isMeasured = false
                return
            }
        } else {
            replica.send(signal: SIGSTOP)
        }
        let time = WallClock.now
        let waking = Task {
            defer { replica.send(signal: SIGCONT) }
            try await Task.sleep(for: fault.lasting)
        }
        defer { waking.cancel() }
        try await recover(&outcome, since: time)
        try await waking.value
    }

    /// Pauses a replica again and again until it is met with a transaction open: locks are held then, not only leases.
    private func pauseInTransaction(_ replica: Replica) async throws -> Bool {
        guard let postgres = cluster.postgres else { return false }
        for _ in 0..<200 {
            replica.send(signal: SIGSTOP)
            // Those of the others are over by then.
            try await Task.sleep(for: .milliseconds(60))
            if try await StoreProbe(postgres).idleTransactions(longerThan: .milliseconds(50)) > 0 { return true }
            replica.send(signal: SIGCONT)
            try await Task.sleep(for: .milliseconds(15))
        }
        return false
    }

    /// Returns when the outage is over.
    private func outage(_ fault: Fault) async throws {
        switch fault.kind {
        case .postgresCrash, .postgresRestart:
            await cluster.postgres?.stop(fault.kind == .postgresCrash ? .immediate : .fast)
            try await Task.sleep(for: fault.lasting)
            try await cluster.postgres?.start()
        case .connectionsCut:
            try await cluster.postgres?.cutConnections()
        case .diskFull:
            try await cluster.disk?.fill()
            try await Task.sleep(for: fault.lasting)
            try cluster.disk?.free()
        case .brokerDown:
            try await setBroker(reachable: false)
            try await Task.sleep(for: fault.lasting)
            try await setBroker(reachable: true)
        case .prometheusDown:
            await cluster.prometheus.stop()
            try await Task.sleep(for: fault.lasting)
            try await cluster.prometheus.start()
        case .kill, .pause, .pauseInTransaction, .stop: break
        }
    }

    private func setBroker(reachable: Bool) async throws {
        cluster.broker.setReachable(reachable)
        guard let commands = brokerCommands else { return }
        try await cluster.bench.run("broker-command", "/bin/sh", ["-c", reachable ? commands.up : commands.down])
    }

    /// Asks the store every 200 ms until all work that was due or under way at `time` is done.
    private func recover(_ outcome: inout FaultOutcome, since time: Timestamp) async throws {
        guard let postgres = cluster.postgres else {
            outcome.isMeasured = false
            return
        }
        let probe = StoreProbe(postgres)
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            // No answer is no recovery: the fault may be the store's.
            if let backlog = try? await probe.overdue(since: time) {
                if outcome.overdue == nil { outcome.overdue = backlog }
                if backlog.isEmpty {
                    outcome.recovery = WallClock.now.since(time)
                    return
                }
            }
            try Task.checkCancellation()
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
