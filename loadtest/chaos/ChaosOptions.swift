import Analysis
import Foundation
import LoadRig
import Processes

/// What a run is asked to do.
struct ChaosOptions: Sendable {
    var events: Int
    var replicas: Int
    var seed: UInt64
    var lease: Duration
    /// The program under test.
    var assay: String
    var broker: Broker.Choice
    var brokerCommands: BrokerCommands?
    var usesPostgres: Bool
    /// The kinds of faults to make, of those that can be made.
    var kinds: Set<Fault.Kind>
    /// No faults at all: what the machine takes.
    var isUndisturbed: Bool
    var say: @Sendable (String) -> Void

    var cluster: Cluster.Options {
        Cluster.Options(
            replicas: replicas,
            assay: assay,
            lease: usesPostgres ? lease : nil,
            usesPostgres: usesPostgres,
            broker: broker
        )
    }

    var facts: [String] {
        [
            "seed \(seed), lease \(lease.compactText)",
            "\(broker), 4 partitions a topic",
            usesPostgres ? "Postgres with fsync on" : "SQLite",
            "\(ProcessInfo.processInfo.activeProcessorCount) processors for everything together",
        ]
    }
}
