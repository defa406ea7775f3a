import Postgres
package import Store
package import Telemetry

/// The connections to Postgres; all 0 with SQLite.
package struct DatabaseMetrics: Sendable {
    private let registry: MetricRegistry
    private let connections: Gauge<OneLabel>
    private let waiting: Gauge<NoLabels>
    private let failures: Gauge<NoLabels>
    private let partitions: Gauge<NoLabels>

    package init(_ registry: MetricRegistry) {
        self.registry = registry
        connections = registry.gauge(
            "assay_database_connections",
            "Connections to Postgres, by state (idle, used, connecting).",
            labels: "state",
            startingWith: [["idle"], ["used"], ["connecting"]]
        )
        waiting = registry.gauge("assay_database_waiting", "Operations that wait for a connection to Postgres.")
        failures = registry.gauge(
            "assay_database_consecutive_failures",
            "Attempts to connect to Postgres in a row that failed; 0 after one that did not."
        )
        partitions = registry.gauge(
            "assay_database_partition_failures",
            "Attempts to make the partitions of samples in Postgres that failed, since the start."
        )
    }

    package func watch(_ store: any Store) {
        guard let store = store as? PostgresStore else { return }
        // Not `self`, which holds the registry.
        registry.onRender { [connections, waiting, failures, partitions] in
            let now = store.connections
            connections.set(Double(now.idle), "idle")
            connections.set(Double(now.leased), "used")
            connections.set(Double(now.connecting), "connecting")
            waiting.set(Double(now.waiting))
            failures.set(Double(now.failedAttempts))
            partitions.set(Double(store.partitionFailures))
        }
    }
}
