import Analysis
import Glibc
import LoadRig
import Processes

/// Makes the faults of a schedule happen, and measures how long the work takes to recover.
struct FaultRunner: Sendable {
    let cluster: Cluster
    let lease: Duration
    let share: LookShare
    let say: @Sendable (String) -> Void

    /// For a real broker.
    var brokerCommands: BrokerCommands?

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
        case .pause, .pauseUnderLock: try await paused(fault, &outcome)
        default:
            try await outage(fault)
            outcome.recovery = try await recovery(since: WallClock.now)
        }
        switch outcome.recovery {
        case nil: say("\(fault.text): over")
        case .some(let recovery):
            let time = recovery.time.map { "nothing late after \($0.seconds.formatted(decimals: 1)) s" }
            say("\(fault.text): \(time ?? "work is still late")")
        }
        return outcome
    }

    /// Ends a replica and starts it again while what it left is waited for.
    private func replaced(_ fault: Fault, by signal: Int32, _ outcome: inout FaultOutcome) async throws {
        let replica = cluster.replicas[(fault.replica ?? 1) - 1]
        let time = WallClock.now
        let exit = await replica.end(signal: signal)
        if signal == SIGTERM, let exit, exit != .code(0) { outcome.note = "the process \(exit)" }
        async let back: (first: Duration, share: Double)? = restarted(replica, after: fault.lasting)
        outcome.recovery = try await recovery(since: time)
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
        if fault.kind == .pauseUnderLock {
            guard try await pauseUnderLock(replica) else {
                outcome.note = "it was never met under a lock, and not paused"
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
        outcome.recovery = try await recovery(since: time)
        try await waking.value
    }

    /// Pauses a replica again and again until it is met under a lock of the store that keeps all others waiting.
    private func pauseUnderLock(_ replica: Replica) async throws -> Bool {
        guard let postgres = cluster.postgres else { return false }
        let probe = StoreProbe(postgres)
        for _ in 0..<300 {
            replica.send(signal: SIGSTOP)
            try await Task.sleep(for: .milliseconds(25))
            if try await probe.isLockHeld(idleFor: .milliseconds(20)) {
                // That of another replica has ended by then.
                try await Task.sleep(for: .milliseconds(300))
                if try await probe.isLockHeld(idleFor: .milliseconds(300)) { return true }
            }
            replica.send(signal: SIGCONT)
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    /// Returns when the outage has ended.
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
            // Whatever happens to the run: a broker that was taken down is brought back.
            let (lasting, runner) = (fault.lasting, self)
            try await setBroker(reachable: false)
            let end: Void? = try? await Task.sleep(for: lasting)
            try await Task { try await runner.setBroker(reachable: true) }.value
            if end == nil { throw CancellationError() }
        case .prometheusDown:
            await cluster.prometheus.stop()
            try await Task.sleep(for: fault.lasting)
            try await cluster.prometheus.start()
        case .kill, .pause, .pauseUnderLock, .stop: break
        }
    }

    private func setBroker(reachable: Bool) async throws {
        cluster.broker.setReachable(reachable)
        guard let commands = brokerCommands else { return }
        try await cluster.rig.run("broker-command", "/bin/sh", ["-c", reachable ? commands.up : commands.down])
    }

    /// Nothing where there is no store to ask.
    private func recovery(since time: Timestamp) async throws -> RecoveryWatch.Recovery? {
        guard let postgres = cluster.postgres else { return nil }
        return try await RecoveryWatch(probe: StoreProbe(postgres), lease: lease).watch(since: time)
    }
}
