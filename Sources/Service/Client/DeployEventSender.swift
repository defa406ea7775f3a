package import Analysis
package import EventFormats
import Kafka
import Logging

/// Hands a deploy event over: to the service when the settings name one, else to the topic of deploy events.
package enum DeployEventSender {
    package static func send(
        _ event: CloudEvent,
        of deploy: DeployEvent,
        structured: Bool,
        _ settings: Settings
    ) async throws -> EmitReport {
        if let service = try ServiceClient(settings) {
            return try await send(event, of: deploy, structured: structured, to: service)
        }
        return try await send(event, of: deploy, structured: structured, with: try KafkaWiring(settings, as: .emit))
    }

    private static func send(
        _ event: CloudEvent,
        of deploy: DeployEvent,
        structured: Bool,
        to service: ServiceClient
    ) async throws -> EmitReport {
        let receipt = try await service.send(event, structured: structured)
        return EmitReport(
            event: event.id,
            source: event.source,
            session: receipt.session ?? SessionID.make(for: deploy.identity),
            outcome: receipt.outcome,
            url: service.url
        )
    }

    private static func send(
        _ event: CloudEvent,
        of deploy: DeployEvent,
        structured: Bool,
        with wiring: KafkaWiring
    ) async throws -> EmitReport {
        let producer = try KafkaProducer(configuration: wiring.configuration, logger: .quiet)
        let (value, headers) =
            structured ? CloudEventKafkaBinding.structured(event) : CloudEventKafkaBinding.binary(event)
        let delivery = try await producer.send(
            KafkaMessage(
                topic: wiring.deployEvents,
                key: Array(deploy.application.utf8),
                value: value,
                headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) }
            )
        )
        await producer.close()
        return EmitReport(
            event: event.id,
            source: event.source,
            session: SessionID.make(for: deploy.identity),
            outcome: "sent",
            topic: delivery.topic,
            partition: delivery.partition,
            offset: delivery.offset
        )
    }
}
