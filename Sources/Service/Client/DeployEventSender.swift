package import EventFormats
import Kafka
import Logging

/// Hands a deploy event, or a change, over: to the service when the settings name one, else to the topic of deploy events.
package enum DeployEventSender {
    /// - Parameters:
    ///   - key: of its record.
    ///   - session: what it opens; nil for a change that opens none.
    package static func send(
        _ event: CloudEvent,
        key: String,
        session: String?,
        structured: Bool,
        _ settings: Settings
    ) async throws -> EmitReport {
        if let service = try ServiceClient(settings) {
            return try await send(event, session: session, structured: structured, to: service)
        }
        let wiring = try KafkaWiring(settings, as: .emit)
        return try await send(event, key: key, session: session, structured: structured, with: wiring)
    }

    private static func send(
        _ event: CloudEvent,
        session: String?,
        structured: Bool,
        to service: ServiceClient
    ) async throws -> EmitReport {
        let receipt = try await service.send(event, structured: structured)
        return EmitReport(
            event: event.id,
            source: event.source,
            session: receipt.session ?? session,
            outcome: receipt.outcome,
            url: service.url
        )
    }

    private static func send(
        _ event: CloudEvent,
        key: String,
        session: String?,
        structured: Bool,
        with wiring: KafkaWiring
    ) async throws -> EmitReport {
        let producer = try KafkaProducer(configuration: wiring.configuration, logger: .quiet)
        let (value, headers) =
            structured ? CloudEventKafkaBinding.structured(event) : CloudEventKafkaBinding.binary(event)
        let delivery = try await producer.send(
            KafkaMessage(
                topic: wiring.deployEvents,
                key: Array(key.utf8),
                value: value,
                headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) }
            )
        )
        await producer.close()
        return EmitReport(
            event: event.id,
            source: event.source,
            session: session,
            outcome: "sent",
            topic: delivery.topic,
            partition: delivery.partition,
            offset: delivery.offset
        )
    }
}
