import Kafka

/// Topics and connection settings that every command shares.
struct KafkaWiring: Sendable {
    var configuration: KafkaConfiguration
    var deployEvents: String
    var verdicts: String
    var rollouts: String
    var deadLetters: String

    /// Throws when no brokers are given.
    init(_ settings: Settings) throws {
        try self.init(
            settings,
            brokers: settings.required("kafka.brokers"),
            isEmbedded: settings.flag("kafka.embedded")
        )
    }

    init(_ settings: Settings, brokers: String, isEmbedded: Bool) throws {
        configuration =
            isEmbedded
            ? .embedded(brokers, properties: settings.kafkaProperties)
            : KafkaConfiguration(brokers: brokers, properties: settings.kafkaProperties)
        deployEvents = try settings.required("topics.deployEvents")
        verdicts = try settings.required("topics.verdicts")
        rollouts = try settings.required("topics.rollouts")
        deadLetters = try settings.required("topics.deadLetters")
    }

    var topics: [String] { [deployEvents, verdicts, rollouts, deadLetters] }
}
