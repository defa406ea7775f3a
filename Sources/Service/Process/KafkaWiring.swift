package import Kafka
package import Logging

/// Topics and connection settings that every command shares.
package struct KafkaWiring: Sendable {
    package var configuration: KafkaConfiguration
    package var deployEvents: String
    package var verdicts: String
    package var rollouts: String
    package var deadLetters: String
    package let watch: KafkaClientWatch

    /// Throws when no brokers are given.
    package init(_ settings: Settings) throws {
        try self.init(
            settings,
            brokers: settings.required("kafka.brokers"),
            isEmbedded: settings.flag("kafka.embedded")
        )
    }

    package init(_ settings: Settings, brokers: String, isEmbedded: Bool) throws {
        watch = try KafkaClientWatch(settings)
        configuration =
            isEmbedded
            ? .embedded(brokers, properties: settings.kafkaProperties)
            : KafkaConfiguration(brokers: brokers, properties: settings.kafkaProperties)
        configuration.clients = watch.clients
        deployEvents = try settings.required("topics.deployEvents")
        verdicts = try settings.required("topics.verdicts")
        rollouts = try settings.required("topics.rollouts")
        deadLetters = try settings.required("topics.deadLetters")
    }

    /// The client's settings for a log, without secrets.
    package var redacted: String {
        configuration.redacted.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    package var topics: [String] { [deployEvents, verdicts, rollouts, deadLetters] }

    /// A consumer joins its group only when its topic is there. A broker that is down is waited for by the clients.
    package func ensureTopics(logger: Logger) async throws(KafkaError) {
        do throws(KafkaError) {
            let outcomes = try await KafkaAdmin.ensureTopics(
                topics.map { KafkaTopic($0) },
                configuration: configuration,
                logger: logger
            )
            for case (let topic, .missing(let reason)) in outcomes {
                logger.warning("topic is missing", metadata: ["topic": "\(topic)", "reason": "\(reason)"])
            }
        } catch {
            guard error.code != .configuration else { throw error }
            guard error.code != .closed else { return }
            logger.warning("topics cannot be looked up yet", metadata: ["error": "\(error)"])
        }
    }
}
