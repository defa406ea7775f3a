import HTTPTransport
package import Kafka
package import Telemetry

/// Keeps the SASL password of running Kafka clients up to date, and shows what they report.
package struct KafkaClientWatch: Sendable {
    package let clients: KafkaClients
    private let password: Secret?

    /// Throws when the password's file cannot be read.
    package init(_ settings: Settings) throws {
        password = try settings.secret(inFile: .kafkaSaslPasswordFile)
        clients = KafkaClients(password: password?.value)
        guard password != nil, settings.kafkaProperties["sasl.username"] == nil else { return }
        throw SettingsError("kafka.sasl.username is required with kafka.sasl.passwordFile (--kafka-sasl-username)")
    }

    /// For clients whose troubles are not the process' own: neither counted nor logged with the others.
    package func apart() -> KafkaClients { KafkaClients(password: password?.value) }

    /// Looks at the file every ten seconds; nil when there is none.
    package var service: RepeatedWork? {
        guard let password else { return nil }
        return RepeatedWork(name: "kafka-password", interval: .seconds(10), signal: nil) { _ in
            clients.replace(password: password.value)
        }
    }

    package func export(in registry: MetricRegistry) {
        let failures = Self.register(in: registry)
        registry.onRender {
            for (code, count) in clients.failures { failures.set(total: Double(count), code.rawValue) }
        }
    }

    @discardableResult
    package static func register(in registry: MetricRegistry) -> Counter<OneLabel> {
        let failures = registry.counter(
            "assay_kafka_errors_total",
            "What Kafka clients have met, such as brokers out of reach, a refused right or a failed delivery, by kind.",
            labels: "kind"
        )
        for code in KafkaError.Code.allCases { failures.add(0, code.rawValue) }
        return failures
    }
}
