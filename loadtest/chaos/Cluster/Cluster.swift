import Analysis
import Foundation
import Glibc
import LoadRig
import Processes

/// Everything that runs beside this process, or in it, during a run.
final class Cluster: Sendable {
    struct Options: Sendable {
        var replicas: Int
        var assay: String
        /// Settings of every replica beyond what the run itself needs.
        var serveFlags: [String] = []
        var lease: Duration?
        var usesPostgres = true
        var broker = Broker.Choice.embedded
    }

    let rig: TestRig
    let broker: Broker
    let disk: SmallDisk?
    let postgres: PostgresServer?
    let prometheus: PrometheusServer
    let harness: HarnessServer
    let replicas: [Replica]
    let controller: Controller

    private init(
        rig: TestRig,
        broker: Broker,
        disk: SmallDisk?,
        postgres: PostgresServer?,
        prometheus: PrometheusServer,
        harness: HarnessServer,
        replicas: [Replica],
        controller: Controller
    ) {
        self.rig = rig
        self.broker = broker
        self.disk = disk
        self.postgres = postgres
        self.prometheus = prometheus
        self.harness = harness
        self.replicas = replicas
        self.controller = controller
    }

    /// Starts everything and waits until all replicas are ready.
    static func start(_ options: Options, workload: ChaosWorkload, rig: TestRig) async throws -> Cluster {
        let harness = HarnessServer(series: SyntheticSeries(workload))
        let port = try await harness.start()
        let prometheus = try await PrometheusServer.start(rig, scraping: port)
        let disk = options.usesPostgres ? try await SmallDisk.mount(rig) : nil
        let postgres = options.usesPostgres ? try await PostgresServer.start(rig, tablesOn: disk) : nil
        if let postgres { try await migrate(postgres, by: options.assay, rig: rig) }
        let broker = try await Broker.start(
            options.broker,
            run: "chaos",
            logger: SilentLogger.make()
        )
        try rig.write(ChaosPlan.yaml, to: "plans/chaos.yaml")
        let flags = serveFlags(options, rig: rig, broker: broker, prometheus: prometheus, postgres: postgres)
        let replicas = (1...max(1, options.replicas)).map {
            Replica(number: $0, rig: rig, program: options.assay, flags: flags)
        }
        let controller = try Controller(
            rig: rig,
            program: options.assay,
            flags: rolloutFlags(broker: broker, port: port)
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            for replica in replicas {
                group.addTask {
                    try await replica.start()
                    try await replica.waitUntilReady()
                }
            }
            group.addTask { try await prometheus.waitForSamples() }
            try await group.waitForAll()
        }
        return Cluster(
            rig: rig,
            broker: broker,
            disk: disk,
            postgres: postgres,
            prometheus: prometheus,
            harness: harness,
            replicas: replicas,
            controller: controller
        )
    }

    /// Makes or changes the tables, as an operator does before a new version is started.
    static func migrate(_ postgres: PostgresServer, by program: String, rig: TestRig) async throws {
        try await rig.run("migrate", program, ["migrate", "--database-url", postgres.url])
    }

    /// Replicas first, so that each ends in order; then what they depend on.
    func stop() async {
        await withTaskGroup(of: Void.self) { group in
            for replica in replicas {
                group.addTask { _ = await replica.end(signal: SIGTERM) }
            }
        }
        controller.stop()
        await postgres?.stop(.immediate)
        harness.stop()
        await broker.close()
    }

    private static func serveFlags(
        _ options: Options,
        rig: TestRig,
        broker: Broker,
        prometheus: PrometheusServer,
        postgres: PostgresServer?
    ) -> [String] {
        let store = postgres.map { ["--database-url", $0.url] } ?? ["--store-path", rig.path("store.sqlite")]
        let lease = options.lease.map { ["--engine-lease", $0.compactText] } ?? []
        return broker.flags + store + lease + [
            "--kafka-group-id", broker.names.serveGroup, "--prometheus-url", prometheus.url, "--prometheus-timeout",
            "5s", "--plans-directory", rig.path("plans"), "--log-format", "text", "--shutdown-grace", "10s",
        ] + options.serveFlags
    }

    private static func rolloutFlags(broker: Broker, port: Int) -> [String] {
        ["rollout"] + broker.flags + [
            "--rollout-group-id", broker.names.rolloutGroup, "--rollout-actuator", "webhook", "--rollout-webhook-url",
            "http://127.0.0.1:\(port)/rollout", "--log-format", "text", "--shutdown-grace", "5s",
        ]
    }
}
