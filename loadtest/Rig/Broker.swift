import Foundation
package import Kafka
package import Logging

/// The broker of a run: one inside this process, or a real one that was named.
package struct Broker: Sendable {
    /// Topics and groups of this run alone.
    package struct Names: Sendable {
        package var deployEvents: String
        package var verdicts: String
        package var rollouts: String
        package var deadLetters: String
        package var serveGroup: String
        package var rolloutGroup: String

        package init(run: String) {
            deployEvents = "\(run).deploy.events"
            verdicts = "\(run).canary.verdicts"
            rollouts = "\(run).canary.rollouts"
            deadLetters = "\(run).canary.deadletter"
            serveGroup = "\(run)-assay"
            rolloutGroup = "\(run)-rollout"
        }

        package var topics: [String] { [deployEvents, verdicts, rollouts, deadLetters] }

        package var flags: [String] {
            [
                "--topics-deploy-events", deployEvents, "--topics-verdicts", verdicts, "--topics-rollouts", rollouts,
                "--topics-dead-letters", deadLetters,
            ]
        }
    }

    package enum Choice: Sendable, CustomStringConvertible {
        case embedded
        /// - Parameter properties: librdkafka's.
        case real(_ brokers: String, properties: [String: String])

        /// For a report.
        package var description: String {
            switch self {
            case .embedded: "embedded broker"
            case .real: "a real broker"
            }
        }
    }

    package let names: Names
    package let configuration: KafkaConfiguration
    /// Nil where the broker is a real one.
    private let embedded: EmbeddedBroker?
    private let properties: [String: String]

    /// An embedded broker that comes back goes on ignoring the connections of before: clients notice by this time-out
    /// alone, where a real one would close them.
    private static let patience = ["socket.timeout.ms": "5000"]

    package var isEmbedded: Bool { embedded != nil }

    /// - Parameters:
    ///   - choice: an embedded broker is started in this process.
    ///   - run: what its topics and groups are named after.
    package static func start(
        _ choice: Choice,
        run: String,
        partitions: Int32 = 4,
        logger: Logger
    ) async throws -> Broker {
        let names = Names(run: "\(run)-\(UUID().uuidString.prefix(8).lowercased())")
        guard case .real(let brokers, let properties) = choice else {
            let embedded = try EmbeddedBroker(partitions: Int(partitions))
            for topic in names.topics { try embedded.createTopic(topic) }
            return Broker(
                names: names,
                configuration: .embedded(
                    embedded.bootstrapServers,
                    properties: patience,
                    clientID: "assay-\(run)"
                ),
                embedded: embedded,
                properties: patience
            )
        }
        let configuration = KafkaConfiguration(brokers: brokers, properties: properties, clientID: "assay-\(run)")
        let outcomes = try await KafkaAdmin.ensureTopics(
            names.topics.map { KafkaTopic($0, partitions: partitions) },
            configuration: configuration,
            logger: logger
        )
        for case (let topic, .missing(let reason)) in outcomes {
            throw RunFailure("the topic \(topic) could not be created: \(reason)")
        }
        return Broker(names: names, configuration: configuration, embedded: nil, properties: properties)
    }

    /// What a program of ours needs to reach it.
    package var flags: [String] {
        let own = properties.sorted { $0.key < $1.key }.flatMap {
            ["--kafka-\($0.key.replacing(".", with: "-"))", $0.value]
        }
        return ["--kafka-brokers", configuration.brokers] + (isEmbedded ? ["--kafka-embedded"] : []) + own + names.flags
    }

    /// Takes the embedded broker off the network, or back on.
    package func setReachable(_ isReachable: Bool) {
        embedded?.setReachable(isReachable)
    }

    /// Stops the embedded broker, or deletes from a real one the topics of this run, and says on standard error which are
    /// left there.
    package func close() async {
        if let embedded { return embedded.close() }
        var left: [String]
        do throws(KafkaError) {
            let failures = try await KafkaAdmin.deleteTopics(
                names.topics,
                configuration: configuration,
                logger: SilentLogger.make()
            )
            left = failures.values.map(\.message).sorted()
        } catch {
            left = ["\(error)"]
        }
        for line in left { FileHandle.standardError.write(Data("\(line)\n".utf8)) }
    }
}
