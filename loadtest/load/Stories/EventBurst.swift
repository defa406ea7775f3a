import Analysis
import EventFormats
import Kafka
import LoadRig

/// Publishes one deploy event for every story, all at once, as fast as the broker takes them.
struct EventBurst: Sendable {
    static let source = "/pipelines/load"
    static let environment = "production"

    let messages: [KafkaMessage]

    init(_ workload: LoadWorkload, topic: String) {
        messages = workload.stories.map { story in
            let event = DeployEvent(
                identity: Self.identity(of: story),
                time: workload.deployedAt,
                application: story.application,
                environment: Self.environment,
                version: "2.0.0",
                revision: "\(story.application)-2.0.0"
            )
            let (value, headers) = CloudEventKafkaBinding.binary(DeployEventEncoder.encode(event))
            return KafkaMessage(
                topic: topic,
                key: Array(story.application.utf8),
                value: value,
                headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) }
            )
        }
    }

    static func identity(of story: LoadStory) -> EventIdentity {
        EventIdentity(source: source, id: "\(story.application)/1")
    }

    /// Returns when the broker has acknowledged every event.
    func publish(_ configuration: KafkaConfiguration) async throws {
        let producer = try KafkaProducer(
            configuration: configuration,
            options: .init(linger: .milliseconds(20)),
            logger: SilentLogger.make()
        )
        let senders = min(4000, max(1, messages.count))
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for sender in 0..<senders {
                    group.addTask {
                        for index in stride(from: sender, to: messages.count, by: senders) {
                            _ = try await producer.send(messages[index])
                        }
                    }
                }
                try await group.waitForAll()
            }
        } catch {
            await producer.close()
            throw error
        }
        await producer.close()
    }
}
