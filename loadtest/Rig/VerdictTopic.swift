package import Analysis
import EventFormats
package import Kafka

/// The topic of verdicts, as a reader of committed records finds it.
package struct VerdictTopic: Sendable {
    private let configuration: KafkaConfiguration
    private let name: String

    package init(of broker: Broker) {
        configuration = broker.configuration
        name = broker.names.verdicts
    }

    /// Hands over every record from the beginning, and what comes, until the task is cancelled.
    package func follow(_ take: (KafkaRecord) -> Void) async throws {
        try await read { reader in
            while let record = try await reader.next() { take(record) }
        }
    }

    /// Hands over what the topic holds now, from its beginning.
    package func readUpToEnd(_ take: (KafkaRecord) -> Void) async throws {
        try await read { try await $0.readUpToEnd(timeout: .seconds(60), take) }
    }

    private func read(_ body: (KafkaReader) async throws -> Void) async throws {
        let reader = try KafkaReader(
            configuration: configuration,
            topic: name,
            from: .beginning,
            logger: SilentLogger.make()
        )
        do {
            try await body(reader)
        } catch {
            await reader.close()
            throw error
        }
        await reader.close()
    }

    /// Nil when the record holds none.
    package static func verdict(in record: KafkaRecord) -> Verdict? {
        let headers = record.headers.map { EventHeader(name: $0.key, value: $0.value) }
        return (try? CloudEventKafkaBinding.decode(value: record.value, headers: headers))
            .flatMap { try? VerdictEvent.decode($0) }
    }
}
