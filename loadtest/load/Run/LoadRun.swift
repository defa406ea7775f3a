import Analysis
import Foundation
import Glibc
import Kafka
import LoadRig

/// One number of analyses from the first deploy event to the last verdict, with processes and a store of their own.
struct LoadRun: Sendable {
    let options: LoadOptions
    let sessions: Int
    let rig: TestRig

    /// An embedded broker keeps only 5 MiB a partition.
    private static let partitions: Int32 = 16
    /// The longest wait for the last verdict after its time.
    private static let patience = Duration.seconds(120)
    /// What comes twice comes soon.
    private static let settling = Duration.seconds(3)

    func run() async throws -> Measurement {
        let backEnd = SyntheticPrometheus(behaviour: options.backEnd, seed: options.seed)
        let port = try await backEnd.start()
        let broker = try await Broker.start(
            options.broker,
            run: "load",
            partitions: Self.partitions,
            logger: SilentLogger.make()
        )
        let postgres = options.usesPostgres ? try await PostgresServer.start(rig, tablesOn: nil) : nil
        if let postgres {
            try await rig.run("migrate", options.assay, ["migrate", "--database-url", postgres.url])
        }
        let replicas = try replicas(broker: broker, postgres: postgres, backEnd: port)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for replica in replicas {
                    group.addTask {
                        try await replica.start()
                        try await replica.waitUntilReady()
                    }
                }
                try await group.waitForAll()
            }
            let measurement = try await measure(replicas, broker, postgres, backEnd)
            await stop(replicas, broker, postgres, backEnd)
            return measurement
        } catch {
            await stop(replicas, broker, postgres, backEnd)
            throw error
        }
    }

    private func replicas(broker: Broker, postgres: PostgresServer?, backEnd port: Int) throws -> [Replica] {
        try rig.write(options.plan.yaml, to: "plans/load.yaml")
        let store = postgres.map { ["--database-url", $0.url] } ?? ["--store-path", rig.path("store.sqlite")]
        let flags =
            broker.flags + store + [
                "--kafka-group-id", broker.names.serveGroup, "--prometheus-url", "http://127.0.0.1:\(port)",
                "--plans-directory", rig.path("plans"), "--source", "/assay/load", "--log-level", "warning",
                "--shutdown-grace", "10s",
            ] + options.serveFlags
        return (1...max(1, options.replicas)).map {
            Replica(number: $0, rig: rig, program: options.assay, flags: flags)
        }
    }

    private func stop(
        _ replicas: [Replica],
        _ broker: Broker,
        _ postgres: PostgresServer?,
        _ backEnd: SyntheticPrometheus
    ) async {
        await withTaskGroup(of: Void.self) { group in
            for replica in replicas { group.addTask { _ = await replica.end(signal: SIGTERM) } }
        }
        await postgres?.stop(.immediate)
        await backEnd.stop()
        await broker.close()
    }

    private func measure(
        _ replicas: [Replica],
        _ broker: Broker,
        _ postgres: PostgresServer?,
        _ backEnd: SyntheticPrometheus
    ) async throws -> Measurement {
        let log = VerdictLog(VerdictTopic(of: broker))
        let usage = UsageWatch(replicas: replicas, postgres: postgres)
        let probe = ReplicaProbe(replicas: replicas, rig: rig)
        let threads = ProcessUsage.secondsOfOwnThreads()
        let own = ProcessUsage(of: getpid())?.seconds ?? 0
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await log.follow() }
            group.addTask { await usage.follow() }
            defer { group.cancelAll() }
            let workload = LoadWorkload(
                sessions: sessions,
                plan: options.plan,
                seed: options.seed,
                deployedAt: WallClock.now
            )
            let series = SeriesIndex(workload)
            backEnd.serve(
                series,
                log: QueryLog(
                    series: series.series.count,
                    start: workload.start.milliseconds,
                    interval: options.plan.interval.milliseconds
                )
            )
            let ready = usage.read()
            let intake = try await measureIntake(EventBurst(workload, topic: broker.names.deployEvents), broker, probe)
            let opened = usage.read()
            options.say("\(sessions) events taken in; \(workload.looks) looks until \(workload.end)")
            // What waits for series that never come only waits, and is not measured.
            let waiting = workload.stories.count { $0.kind == .withoutControl }
            let end = try await waitForVerdicts(log, workload, count: sessions - waiting)
            let last = usage.read()
            _ = try await waitForVerdicts(log, workload, count: sessions)
            try await Task.sleep(for: Self.settling)
            var looks = try await probe.looks()
            looks.duration = end.since(workload.firstLook)
            let finals = log.finals.compactMap { seen in
                seen.verdict.map {
                    LoadTally.Final(
                        session: $0.session,
                        status: $0.status,
                        result: $0.result,
                        reason: $0.reason,
                        look: $0.look,
                        seenAt: seen.seenAt
                    )
                }
            }
            return Measurement(
                sessions: sessions,
                workload: workload,
                intake: intake,
                looks: looks,
                queries: backEnd.queries,
                verdicts: LoadTally(finals, workload, repeated: log.repeated),
                records: log.records,
                usage: Measurement.Usage(
                    intakeSeconds: opened.assay - ready.assay,
                    analysisSeconds: last.assay - opened.assay,
                    assay: last.processors(since: opened, \.assay),
                    postgres: last.processors(since: opened, \.postgres),
                    harness: last.processors(since: opened, \.harness),
                    busiest: usage.busiest(\.assay, over: options.plan.interval),
                    residentReady: ready.resident,
                    residentMost: usage.mostResident,
                    peak: usage.peakResident,
                    harnessParts: HarnessParts.seconds(since: threads, all: last.harness - own)
                ),
                failures: finals.count == log.finals.count ? [] : ["final verdicts on the topic that cannot be read"]
            )
        }
    }

    /// Publishes the burst and waits until every event is accepted and has opened its analysis.
    private func measureIntake(_ burst: EventBurst, _ broker: Broker, _ probe: ReplicaProbe) async throws
        -> Measurement.Intake
    {
        let clock = ContinuousClock()
        let start = clock.now
        async let published = clock.measure { try await burst.publish(broker.configuration) }
        var intake = Measurement.Intake(published: .zero)
        var first: (at: ContinuousClock.Instant, count: Int)?
        while clock.now < start + .seconds(120), intake.opened == nil {
            let counts = try await probe.taken()
            let now = clock.now
            if first == nil, counts.accepted > 0 { first = (now, counts.accepted) }
            if intake.accepted == nil, counts.accepted >= sessions {
                intake.accepted = now - start
                if let first, now > first.at {
                    intake.perSecond = Double(counts.accepted - first.count) / ((now - first.at) / .seconds(1))
                }
            }
            if counts.opened >= sessions { intake.opened = now - start }
            try await Task.sleep(for: .milliseconds(20))
        }
        intake.published = try await published
        return intake
    }

    /// Returns the time at which that many final verdicts had been seen, or at which the waiting was given up.
    private func waitForVerdicts(_ log: VerdictLog, _ workload: LoadWorkload, count: Int) async throws -> Timestamp {
        let limit = workload.end + Self.patience
        var told = WallClock.now
        while log.decided < count, WallClock.now < limit {
            try await Task.sleep(for: .milliseconds(100))
            if WallClock.now.since(told) >= .seconds(15) {
                told = WallClock.now
                options.say("\(log.decided) of \(sessions) final verdicts")
            }
        }
        guard log.decided >= count, let last = log.finals.last else { return WallClock.now }
        return Timestamp(milliseconds: last.seenAt)
    }
}
