import Analysis
import EventFormats
import Foundation
import Kafka
import LoadRig
import Logging
import Synchronization

/// Publishes the deploy events of a story workload, each at its time, until the broker has every one of them.
final class Publisher: Sendable {
    private let producer: KafkaProducer
    private let topic: String
    private let published = Mutex(0)

    init(configuration: KafkaConfiguration, topic: String, logger: Logger) throws {
        producer = try KafkaProducer(configuration: configuration, logger: logger)
        self.topic = topic
    }

    /// Records that the broker has acknowledged.
    var count: Int { published.withLock { $0 } }

    /// Returns when all have been acknowledged. Events of one story never overtake one another.
    ///
    /// An event carries the time it was meant for: one that an outage held up does not change places with another.
    func publish(_ workload: ChaosWorkload, from start: ContinuousClock.Instant) async throws {
        let origin = WallClock.now + (start - .now)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for story in workload.stories {
                group.addTask { [self] in
                    for send in Self.order(of: story) {
                        try await ContinuousClock().sleep(until: start + send.at)
                        try await publish(send.event, meantFor: origin + send.event.at)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    func close() async {
        await producer.close()
    }

    private static func order(of story: Story) -> [(at: Duration, event: StoryEvent)] {
        story.events.flatMap { event in ([event.at] + event.repeats).map { (at: $0, event: event) } }
            .sorted { $0.at < $1.at }
    }

    private func publish(_ event: StoryEvent, meantFor time: Timestamp) async throws {
        let message = Self.message(event, topic: topic, at: time)
        while true {
            do {
                _ = try await producer.send(message)
                published.withLock { $0 += 1 }
                return
            } catch let error as KafkaError where error.code != .configuration && error.code != .topic {
                // The same event again: whether the first attempt was stored is for the intake to find out.
                try await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    static func message(_ event: StoryEvent, topic: String, at now: Timestamp) -> KafkaMessage {
        let deploy = DeployEvent(
            identity: EventIdentity(source: ChaosWorkload.source, id: event.id),
            time: now - event.age,
            phase: event.phase,
            application: event.application,
            environment: ChaosWorkload.environment,
            version: event.version,
            revision: event.revision
        )
        let (value, headers) = CloudEventKafkaBinding.binary(DeployEventEncoder.encode(deploy))
        return KafkaMessage(
            topic: topic,
            key: Array(event.application.utf8),
            value: value,
            headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) }
        )
    }
}
