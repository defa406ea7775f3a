import Analysis
import EventFormats
import Kafka
import LoadRig

/// A deploy event as each of its two ways takes it.
enum SoakEvent {
    static let environment = "production"
    static let attacker = "/pipelines/attacker"

    static func make(
        _ application: String,
        source: String = attacker,
        at time: Timestamp = WallClock.now,
        inlinePlan: String? = nil
    ) -> DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: source, id: "\(application)/1"),
            time: time,
            application: application,
            environment: environment,
            version: "2.0.0",
            revision: "\(application)-2.0.0",
            inlinePlan: inlinePlan
        )
    }

    static func message(_ event: DeployEvent, topic: String) -> KafkaMessage {
        message(DeployEventEncoder.encode(event), key: event.application, topic: topic)
    }

    static func message(
        _ event: CloudEvent,
        key: String,
        topic: String,
        further: [KafkaHeader] = []
    ) -> KafkaMessage {
        let (value, headers) = CloudEventKafkaBinding.binary(event)
        return KafkaMessage(
            topic: topic,
            key: Array(key.utf8),
            value: value,
            headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) } + further
        )
    }

    /// Headers and body of a request to `/v1/events`.
    static func request(_ event: DeployEvent) -> (headers: [(name: String, value: String)], body: [UInt8]) {
        let (headers, body) = CloudEventHTTPBinding.binary(DeployEventEncoder.encode(event))
        return (headers.map { ($0.name, String(decoding: $0.value ?? [], as: UTF8.self)) }, body)
    }
}
