import Analysis
import EventFormats
import Kafka
import Logging
import Testing

@testable import Demo

@Suite("Following the topics", .timeLimit(.minutes(5)))
struct KafkaFeedTests {
    private func message(_ topic: String, _ event: CloudEvent) -> KafkaMessage {
        let (value, headers) = CloudEventKafkaBinding.binary(event)
        return KafkaMessage(
            topic: topic,
            key: Array("shop".utf8),
            value: value,
            headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) }
        )
    }

    @Test("Verdicts and actions come as they were sent; anything else is passed over")
    func follows() async throws {
        let broker = try EmbeddedBroker(partitions: 2)
        let producer = try KafkaProducer(
            configuration: .embedded(broker.bootstrapServers),
            logger: Logger(label: "test")
        )
        let verdict = Fixtures.verdict(metrics: [Fixtures.metric("latency-mean", control: 1, experiment: 2)])
        let action = Fixtures.action(verdict, .promote)
        let verdictEvent = VerdictEvent.encode(verdict, source: "/assay", reportURL: nil)
        let actionEvent = RolloutEvent.encode(action, source: "/assay")
        _ = try await producer.send(KafkaMessage(topic: "canary.verdicts", key: nil, value: Array("noise".utf8)))
        _ = try await producer.send(message("canary.verdicts", verdictEvent))
        _ = try await producer.send(message("canary.rollouts", actionEvent))

        let (observations, observed) = AsyncStream.makeStream(of: DemoObservation.self)
        let brokers = broker.bootstrapServers
        let follow = Task {
            try await KafkaFeed(logger: Logger(label: "test")).follow(brokers: brokers) { observed.yield($0) }
        }
        var verdicts: [Verdict] = []
        var actions: [RolloutAction] = []
        for await observation in observations {
            switch observation {
            case .verdict(let verdict): verdicts.append(verdict)
            case .action(let action): actions.append(action)
            }
            if !verdicts.isEmpty, !actions.isEmpty { break }
        }
        follow.cancel()
        _ = await follow.result
        #expect(verdicts == [try VerdictEvent.decode(verdictEvent)])
        #expect(actions == [action])
        await producer.close()
        broker.close()
    }
}
