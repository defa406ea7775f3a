import Analysis
import EventFormats
import Judging
import Kafka
import Logging
import Testing

@testable import Service

/// Topics with a part that cannot be decompressed.
@Suite(.timeLimit(.minutes(5))) struct TopicVerdictsTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private let event = DeployEvent(
        identity: EventIdentity(source: "/ci", id: "1"),
        phase: .deployed,
        application: "checkout",
        environment: "production",
        version: "2.4.0"
    )

    private func poison(_ topic: String, _ broker: EmbeddedBroker) async throws {
        let producer = try KafkaProducer(
            configuration: .embedded(
                broker.bootstrapServers,
                properties: ["compression.type": "zstd", "message.max.bytes": "100000000"]
            ),
            logger: Self.logger
        )
        _ = try await producer.send(KafkaMessage(topic: topic, value: [UInt8](repeating: 32, count: 20 << 20)))
        await producer.close()
    }

    private func send(_ event: CloudEvent, to topic: String, _ broker: EmbeddedBroker) async throws {
        let producer = try KafkaProducer(configuration: .embedded(broker.bootstrapServers), logger: Self.logger)
        let (value, headers) = CloudEventKafkaBinding.binary(event)
        let kept = headers.map { KafkaHeader(key: $0.name, value: $0.value) }
        _ = try await producer.send(KafkaMessage(topic: topic, value: value, headers: kept))
        await producer.close()
    }

    /// The verdict that is found, with both topics on a broker of their own.
    private func verdict(_ wanted: WantedVerdict, poisoning topic: String) async throws -> Verdict? {
        let broker = try EmbeddedBroker(partitions: 1)
        defer { broker.close() }
        for topic in ["deploy.events", "canary.verdicts"] { try broker.createTopic(topic) }
        if topic == "deploy.events" {
            try await send(DeployEventEncoder.encode(event), to: "deploy.events", broker)
        }
        let (_, verdict) = AnalysisSession.rejected(
            id: SessionID.make(for: event.identity),
            event: event,
            ending: .noPlan("none matches"),
            receivedAt: Timestamp(milliseconds: 0),
            at: Timestamp(milliseconds: 0)
        )
        try await send(VerdictEvent.encode(verdict, source: "/assay", reportURL: nil), to: "canary.verdicts", broker)
        try await poison(topic, broker)
        var verdicts = TopicVerdicts(wanted: wanted) { topic in
            try KafkaReader(
                configuration: .embedded(broker.bootstrapServers),
                topic: topic == .deployEvents ? "deploy.events" : "canary.verdicts",
                from: .beginning,
                logger: Self.logger
            )
        }
        do {
            let found = try await verdicts.next(until: .now + .seconds(30))
            await verdicts.close()
            return found?.verdict
        } catch {
            await verdicts.close()
            throw error
        }
    }

    @Test(.enabled(if: kafkaLibraryHas("zstd")), arguments: ["deploy.events", "canary.verdicts"])
    func `what is newest is not known with a part that cannot be read`(topic: String) async throws {
        let filter = ReleaseFilter(application: "checkout", environment: "production", version: "2.4.0")
        let error = await #expect(throws: UnreadablePart.self) {
            try await verdict(.version(filter), poisoning: topic)
        }
        #expect(error?.description.contains("\(topic) can't be read (partition 0, from offset") == true)
        #expect(error?.description.contains("checkout 2.4.0") == true)
    }

    @Test(.enabled(if: kafkaLibraryHas("zstd")), arguments: ["deploy.events", "canary.verdicts"])
    func `an event is known by its name`(topic: String) async throws {
        let found = try await verdict(.event(id: "1", source: "/ci"), poisoning: topic)
        #expect(found?.deployEvent == event.identity)
    }

    private func waiting(
        for wanted: WantedVerdict,
        on broker: EmbeddedBroker,
        keys: VerificationKeys? = nil
    ) -> TopicVerdicts {
        TopicVerdicts(wanted: wanted, keys: keys.map { keys -> PipelineVerdicts.Keys in { keys } }) { topic in
            try KafkaReader(
                configuration: .embedded(broker.bootstrapServers),
                topic: topic == .deployEvents ? "deploy.events" : "canary.verdicts",
                from: .beginning,
                logger: Self.logger
            )
        }
    }

    @Test(arguments: [true, false])
    func onlyWhatIsSignedWithAKeyCounts(isDeployEventKnown: Bool) async throws {
        let broker = try EmbeddedBroker(partitions: 1)
        defer { broker.close() }
        for topic in ["deploy.events", "canary.verdicts"] { try broker.createTopic(topic) }
        if isDeployEventKnown { try await send(DeployEventEncoder.encode(event), to: "deploy.events", broker) }
        var (_, verdict) = AnalysisSession.rejected(
            id: SessionID.make(for: event.identity),
            event: event,
            ending: .noPlan("none matches"),
            receivedAt: Timestamp(milliseconds: 0),
            at: Timestamp(milliseconds: 0)
        )
        let genuine = verdict
        verdict.status = .completed
        verdict.result = .pass
        // Of a later analysis, as far as it says.
        verdict.openedAt = Timestamp(milliseconds: 9)
        let forged = VerdictEvent.encode(verdict, source: "/assay", reportURL: nil)
        for event in [forged, try ExampleKeys.foreign().signed(forged)] {
            try await send(event, to: "canary.verdicts", broker)
        }
        let keys = try VerificationKeys(pem: ExampleKeys.publicKey)
        let filter = WantedVerdict.version(
            ReleaseFilter(application: "checkout", environment: "production", version: "2.4.0")
        )
        let real = try ExampleKeys.signing().signed(VerdictEvent.encode(genuine, source: "/assay", reportURL: nil))
        try await send(real, to: "canary.verdicts", broker)
        var after = waiting(for: filter, on: broker, keys: keys)
        #expect(try await after.next(until: .now + .seconds(30))?.verdict == genuine)
        // Where there is none, this is why.
        #expect(after.trouble?.contains("checkout 2.4.0") == true)
        #expect(after.trouble?.contains("signed with none of the keys") == true)
        await after.close()
        var believing = waiting(for: filter, on: broker)
        #expect(try await believing.next(until: .now + .seconds(30))?.verdict.result == .pass)
        await believing.close()
    }
}
