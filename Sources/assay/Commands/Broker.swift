import ArgumentParser
import Service

/// `assay broker`: the embedded broker as a process of its own.
struct Broker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs an embedded Kafka broker: in memory, for trying things out, not for production.",
        discussion: """
            Prints KAFKA_BROKERS=host:port when it is ready (the port is random) and runs until it is stopped.
            Clients need --kafka-embedded.
            """
    )

    @Option(help: "File to write host:port to.")
    var portFile: String?

    @Option(help: "Partitions per topic.")
    var partitions = 4

    @Argument(help: "Topics to create at the start; others are created when they are first used.")
    var topics = ["deploy.events", "canary.verdicts", "canary.rollouts", "canary.deadletter"]

    func validate() throws {
        guard (1...64).contains(partitions) else { throw ValidationError("--partitions must lie between 1 and 64") }
    }

    func run() async throws {
        try await ExitReport.guarding(code: 1) {
            try await BrokerProcess.run(partitions: partitions, topics: topics, portFile: portFile)
        }
    }
}
