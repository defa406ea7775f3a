import Analysis
import Glibc
import LoadRig
import Processes

/// Replicas and controller of an older program are replaced one after the other by the newer one, and then back, under a
/// steady load.
struct UpgradeScenario: Sendable {
    let options: ChaosOptions
    /// The program to upgrade from.
    let old: String
    let rig: TestRig

    /// Between two replacements: long enough for the load to spread.
    private static let pause = Duration.seconds(15)
    private static let firstStep = Duration.seconds(25)

    /// There and back: each replica and the controller.
    private var span: Duration { Self.firstStep + Self.pause * (2 * (options.replicas + 1) + 2) }

    func run() async throws -> RunReport {
        let workload = ChaosWorkload(events: options.events, span: span, seed: options.seed)
        var older = options.cluster
        older.assay = old
        options.say("starting \(options.replicas) replicas of the older program in \(rig.directory)")
        let cluster = try await Cluster.start(older, workload: workload, rig: rig)
        do {
            let report = try await run(cluster, workload)
            await cluster.stop()
            return report
        } catch {
            await cluster.stop()
            throw error
        }
    }

    private func run(_ cluster: Cluster, _ workload: ChaosWorkload) async throws -> RunReport {
        guard let postgres = cluster.postgres else {
            throw RunFailure("an upgrade of several replicas needs Postgres")
        }
        let before = try await Self.schema(postgres)
        let share = LookShare()
        let (result, steps) = try await LoadRun(cluster: cluster, workload: workload, share: share, say: options.say)
            .run { start in try await upgrade(cluster, postgres, from: start) }
        var report = RunReport(
            title: "Rolling upgrade and back: \(options.events) deploy events, \(options.replicas) replicas"
        )
        report.facts = options.facts
        report.facts.append("database schema \(before) before, \(try await Self.schema(postgres)) after")
        var table = Table(title: "Steps", columns: ["at s", "what", "took s", "recovered after s"])
        table.rows = steps.map {
            [
                RunReport.number($0.at), $0.what, RunReport.number($0.length),
                $0.recovery.map { RunReport.number($0) } ?? "-",
            ]
        }
        report.tables.append(table)
        report.add(result)
        report.add(cluster.broker)
        return report
    }

    private struct Step: Sendable {
        var at: Duration
        var what: String
        var length: Duration
        var recovery: Duration?
    }

    private func upgrade(
        _ cluster: Cluster,
        _ postgres: PostgresServer,
        from start: ContinuousClock.Instant
    ) async throws -> [Step] {
        let clock = ContinuousClock()
        var steps: [Step] = []
        try await clock.sleep(until: start + Self.firstStep)
        options.say("the newer program migrates the database")
        let migration = clock.now
        try await Cluster.migrate(postgres, by: options.assay, rig: rig)
        steps.append(Step(at: migration - start, what: "migrate", length: clock.now - migration))
        // Forward the controller goes last, back it goes first: both orders are met in practice.
        for replica in cluster.replicas {
            steps.append(try await replace(replica, by: options.assay, "newer", postgres, from: start))
        }
        steps.append(try await replaceController(of: cluster, by: options.assay, "newer", from: start))
        steps.append(try await replaceController(of: cluster, by: old, "older", from: start))
        for replica in cluster.replicas {
            steps.append(try await replace(replica, by: old, "older", postgres, from: start))
        }
        return steps
    }

    private func replace(
        _ replica: Replica,
        by program: String,
        _ name: String,
        _ postgres: PostgresServer,
        from start: ContinuousClock.Instant
    ) async throws -> Step {
        try await Task.sleep(for: Self.pause)
        options.say("\(replica.name) is replaced by the \(name) program")
        let (begin, time) = (ContinuousClock.now, WallClock.now)
        let watch = RecoveryWatch(probe: StoreProbe(postgres), lease: options.lease)
        async let recovery = watch.watch(since: time)
        let exit = await replica.end(signal: SIGTERM)
        replica.replaceProgram(by: program)
        try await replica.start()
        try await replica.waitUntilReady()
        let length = ContinuousClock.now - begin
        let ending = exit.map { $0 == .code(0) ? "" : " (the process before \($0))" } ?? ""
        let what = "\(replica.name) by the \(name)\(ending)"
        return Step(at: begin - start, what: what, length: length, recovery: try await recovery.time)
    }

    private func replaceController(
        of cluster: Cluster,
        by program: String,
        _ name: String,
        from start: ContinuousClock.Instant
    ) async throws -> Step {
        try await Task.sleep(for: Self.pause)
        options.say("the controller is replaced by the \(name) program")
        let begin = ContinuousClock.now
        try await cluster.controller.replace(by: program)
        return Step(at: begin - start, what: "controller by the \(name)", length: ContinuousClock.now - begin)
    }

    private static func schema(_ postgres: PostgresServer) async throws -> String {
        try await postgres.query("select max(version) from schema_migrations").first ?? "none"
    }
}
