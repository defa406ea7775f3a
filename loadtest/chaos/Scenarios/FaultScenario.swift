import Analysis
import LoadRig

/// Replicas under load while one fault follows the other.
struct FaultScenario: Sendable {
    let options: ChaosOptions
    let rig: TestRig

    func run() async throws -> RunReport {
        let kinds = options.kinds
        // The length of the run goes by the faults that are possible here.
        let schedule = FaultSchedule(seed: options.seed, replicas: options.replicas, lease: options.lease, kinds: kinds)
        let workload = ChaosWorkload(events: options.events, span: schedule.end, seed: options.seed)
        options.say("starting Postgres, Prometheus, the broker and \(options.replicas) replicas in \(rig.directory)")
        let cluster = try await Cluster.start(options.cluster, workload: workload, rig: rig)
        do {
            let report = try await run(cluster, workload: workload, kinds: kinds)
            await cluster.stop()
            return report
        } catch {
            await cluster.stop()
            throw error
        }
    }

    private func run(_ cluster: Cluster, workload: ChaosWorkload, kinds: Set<Fault.Kind>) async throws -> RunReport {
        var report = RunReport(title: "Chaos: \(options.events) deploy events, \(options.replicas) replicas")
        report.facts = options.facts
        let possible = kinds.subtracting(impossible(cluster, &report))
        let schedule = FaultSchedule(
            seed: options.seed,
            replicas: options.replicas,
            lease: options.lease,
            kinds: options.isUndisturbed ? [] : possible
        )
        let share = LookShare()
        let runner = FaultRunner(
            cluster: cluster,
            lease: options.lease,
            share: share,
            say: options.say,
            brokerCommands: options.brokerCommands
        )
        let (result, faults) = try await LoadRun(cluster: cluster, workload: workload, share: share, say: options.say)
            .run { try await runner.run(schedule, from: $0) }
        report.add(faults, lease: options.lease)
        report.add(result)
        report.add(cluster.broker)
        return report
    }

    /// Faults that cannot be made here, each with a word in the report.
    private func impossible(_ cluster: Cluster, _ report: inout RunReport) -> Set<Fault.Kind> {
        var kinds: Set<Fault.Kind> = []
        if cluster.postgres == nil {
            kinds.formUnion([.postgresCrash, .postgresRestart, .connectionsCut, .diskFull])
            report.notes.append(
                "One replica on the embedded store: without faults of Postgres, recovery is not measured."
            )
        } else if cluster.disk == nil {
            kinds.insert(.diskFull)
            report.notes.append("No full disk: mounting a file system is not allowed here.")
        }
        if !cluster.broker.isEmbedded, options.brokerCommands == nil {
            kinds.insert(.brokerDown)
            report.notes.append("The broker was not taken down: no --broker-down-command was given.")
        }
        return kinds
    }
}

extension RunReport {
    /// Says what kind of broker the figures come from.
    mutating func add(_ broker: Broker) {
        guard broker.isEmbedded else { return }
        notes.append(
            "The broker is an embedded one, whose transactions have no effect: a paused replica that wakes up late is"
                + " shown here to be stopped by its lease alone, not by the broker. KAFKA_BROKERS runs the same on a real one."
        )
    }
}
