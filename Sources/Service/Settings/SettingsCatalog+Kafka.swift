extension SettingsCatalog {
    /// Brokers and topics.
    static let kafka: [Setting] = [
        Setting(
            key: .kafkaBrokers,
            kind: .brokers,
            meaning:
                "Kafka bootstrap servers, host:port separated by commas, without user and password. Without it `serve` runs an"
                + " embedded broker."
                + " Every other `kafka.*` setting goes to librdkafka as it is (`kafka.security.protocol`, `kafka.sasl.…`).",
            readers: [.kafka]
        ),
        Setting(
            key: .kafkaEmbedded,
            kind: .truth,
            meaning: "The brokers are an embedded broker (`assay broker`): use what it needs.",
            defaultText: "false",
            readers: [.kafka]
        ),
        Setting(
            key: .kafkaSaslPasswordFile,
            kind: .secretFile,
            meaning: "File with the SASL password; read again when it changes. Goes before `kafka.sasl.password`.",
            readers: [.kafka]
        ),
        Setting(
            key: .kafkaClientId,
            meaning:
                "Client id, by which brokers' logs, metrics and quotas know the process. Without it, the command and the host:"
                + " `assay-serve-<host>`.",
            readers: [.kafka]
        ),
        Setting(
            key: .topicsDeployEvents,
            meaning: "Topic of deploy events.",
            defaultText: "deploy.events",
            readers: [.kafka]
        ),
        Setting(
            key: .topicsVerdicts,
            meaning: "Topic of verdicts.",
            defaultText: "canary.verdicts",
            readers: [.kafka]
        ),
        Setting(
            key: .topicsRollouts,
            meaning: "Topic of what the rollout controller did.",
            defaultText: "canary.rollouts",
            readers: [.kafka]
        ),
        Setting(
            key: .topicsDeadLetters,
            meaning: "Topic of records that cannot be read.",
            defaultText: "canary.deadletter",
            readers: [.kafka]
        ),
        Setting(
            key: .topicsDeadLetterRate,
            kind: .number(0...1_000_000),
            meaning:
                "How many records of the deploy topic that cannot be read a replica keeps on the dead-letter topic in a second,"
                + " and ten times as many after a pause. Those beyond are counted and passed over. 0 keeps all.",
            defaultText: "0",
            readers: [.serve]
        ),
        Setting(
            key: .topicsPartitions,
            kind: .number(1...10_000),
            meaning: "Partitions of topics that are created. Topics that are there stay as they are.",
            defaultText: "4",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: .topicsReplication,
            kind: .number(1...32_767),
            meaning: "Copies of topics that are created; the brokers' default without it.",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: .topicsMinInsyncReplicas,
            kind: .number(1...32_767),
            meaning: "Copies that must have a record before it counts as stored (`min.insync.replicas`), likewise.",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: .topicsMaxMessageBytes,
            kind: .number(65_536...1_073_741_824),
            meaning:
                "Largest batch of records (`max.message.bytes`), likewise: what reads a batch may need a thousand times"
                + " as much memory.",
            defaultText: "307200",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: .topicsRetention,
            kind: .time(atLeast: .seconds(60)),
            meaning:
                "How long created topics keep deploy events, verdicts and dead letters (`retention.ms`), likewise.",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: .topicsRolloutRetention,
            kind: .time(atLeast: .seconds(60)),
            meaning:
                "How long the created rollouts topic keeps what the controller did, likewise. Longer than the verdicts: the"
                + " controller knows by it what it has answered.",
            readers: [.serve, .rollout]
        ),
    ]
}
