import Testing

@testable import Kafka

@Suite("Reader without a group", .timeLimit(.minutes(5)))
struct KafkaReaderTests {
    @Test("From the beginning everything is read, from the end only what comes")
    func ends() async throws {
        let topic = try Shared.topic("reader", partitions: 3)
        let producer = try KafkaProducer(configuration: Shared.configuration(), logger: quiet)
        try await producer.send((0..<6).map(String.init), to: topic, partitions: 3)
        let old = try KafkaReader(configuration: Shared.configuration(), topic: topic, from: .beginning, logger: quiet)
        let new = try KafkaReader(configuration: Shared.configuration(), topic: topic, from: .end, logger: quiet)
        try await new.start()
        try await producer.send(["new"], to: topic)
        #expect(try await new.next(timeout: .seconds(60))?.text == "new")
        #expect(try await new.next(timeout: .milliseconds(50)) == nil)
        var texts: [String] = []
        for _ in 0..<7 {
            if let text = try await old.next(timeout: .seconds(60))?.text { texts.append(text) }
        }
        #expect(texts.sorted() == ["0", "1", "2", "3", "4", "5", "new"])
        await old.close()
        await new.close()
        #expect(try await new.next() == nil)
        await producer.close()
    }

    @Test("Up to the end is what stood there at the start")
    func upToEnd() async throws {
        let topic = try Shared.topic("reader-end", partitions: 3)
        let producer = try KafkaProducer(configuration: Shared.configuration(), logger: quiet)
        try await producer.send((0..<7).map(String.init), to: topic, partitions: 3)
        let configuration = try Shared.configuration()
        let reader = try KafkaReader(configuration: configuration, topic: topic, from: .beginning, logger: quiet)
        let texts = try await reader.recordsUpToEnd(timeout: .seconds(60)).map(\.text)
        #expect(texts.compactMap { $0 }.sorted() == ["0", "1", "2", "3", "4", "5", "6"])
        await reader.close()
        let empty = try Shared.topic("reader-empty", partitions: 2)
        let nothing = try KafkaReader(configuration: configuration, topic: empty, from: .beginning, logger: quiet)
        #expect(try await nothing.recordsUpToEnd(timeout: .seconds(60)).isEmpty)
        await nothing.close()
        await producer.close()
    }

    @Test("The end is known from the broker, also where no record tells it")
    func knownEnd() async throws {
        let topic = try Shared.topic("reader-known-end", partitions: 2)
        let producer = try KafkaProducer(configuration: Shared.configuration(), logger: quiet)
        try await producer.send(["0", "1", "2"], to: topic, partitions: 2)
        let reader = try KafkaReader(
            configuration: Shared.configuration(),
            topic: topic,
            from: .beginning,
            logger: quiet
        )
        for _ in 0..<3 { #expect(try await reader.next(timeout: .seconds(60)) != nil) }
        #expect(try await reader.recordsUpToEnd(timeout: .seconds(60)).isEmpty)
        await reader.close()
        let closed = try KafkaReader(
            configuration: Shared.configuration(),
            topic: topic,
            from: .beginning,
            logger: quiet
        )
        try await closed.start()
        await closed.close()
        await #expect(throws: KafkaError.closed("reader")) { try await closed.recordsUpToEnd(timeout: .seconds(60)) }
        await producer.close()
    }

    @Test("The embedded broker knows no times and is read from the beginning; elsewhere no later record is the end")
    func time() async throws {
        let topic = try Shared.topic("reader-time", partitions: 2)
        let producer = try KafkaProducer(configuration: Shared.configuration(), logger: quiet)
        try await producer.send(["0", "1", "2"], to: topic, partitions: 2)
        let embedded = try Shared.configuration()
        let other = KafkaConfiguration(brokers: embedded.brokers)
        #expect(embedded.isEmbedded && !other.isEmbedded)
        for (configuration, time, expected) in [(embedded, Int64(0), 3), (embedded, -5, 3), (other, 1000, 0)] {
            let start = KafkaReader.Start.time(time)
            let reader = try KafkaReader(configuration: configuration, topic: topic, from: start, logger: quiet)
            #expect(try await reader.recordsUpToEnd(timeout: .seconds(60)).count == expected)
            #expect(reader.extents.values.map(\.upperBound).reduce(0, +) == 3)
            await reader.close()
        }
        let late = try KafkaReader(configuration: other, topic: topic, from: .time(.max), logger: quiet)
        try await late.start()
        try await producer.send(["3"], to: topic)
        #expect(try await late.next(timeout: .seconds(60))?.text == "3")
        await late.close()
        await producer.close()
    }

    @Test("While no broker answers, reading still ends in time, and so does closing")
    func noBroker() async throws {
        let reader = try KafkaReader(
            configuration: KafkaConfiguration(brokers: "127.0.0.1:1"),
            topic: "nowhere",
            from: .beginning,
            logger: quiet
        )
        #expect(try await reader.next(timeout: .milliseconds(300)) == nil)
        await #expect(throws: KafkaError.self) { _ = try await reader.recordsUpToEnd(timeout: .milliseconds(300)) }
        await reader.close()
    }

    @Test("A topic that is not there yet is waited for")
    func lateTopic() async throws {
        let topic = Shared.group("late")
        var configuration = try Shared.configuration()
        configuration.properties["allow.auto.create.topics"] = "false"
        let reader = try KafkaReader(configuration: configuration, topic: topic, from: .beginning, logger: quiet)
        #expect(try await reader.next(timeout: .milliseconds(100)) == nil)
        try Shared.broker.get().createTopic(topic, partitions: 1)
        let producer = try KafkaProducer(configuration: Shared.configuration(), logger: quiet)
        try await producer.send(["a"], to: topic)
        #expect(try await reader.next(timeout: .seconds(60))?.text == "a")
        await reader.close()
        await producer.close()
    }

    @Test("A broker that allows no group can be read: none is asked for")
    func noGroup() async throws {
        let broker = try EmbeddedBroker(partitions: 1)
        try broker.createTopic("alone")
        broker.answer(.findCoordinator, with: Array(repeating: .groupNotAllowed, count: 1000))
        var configuration = KafkaConfiguration.embedded(broker.bootstrapServers)
        configuration.clients = KafkaClients()
        // What is meant for members must not keep a reader from reading.
        configuration.properties["group.instance.id"] = "a"
        let producer = try KafkaProducer(configuration: configuration, logger: quiet)
        try await producer.send(["1", "2"], to: "alone")
        let reader = try KafkaReader(configuration: configuration, topic: "alone", from: .beginning, logger: quiet)
        #expect(try await reader.recordsUpToEnd(timeout: .seconds(60)).map(\.text) == ["1", "2"])
        #expect(configuration.clients?.failures == [:])
        let properties = try ClientProperties.reader(configuration, version: NativeLibrary.versionNumber)
        #expect(properties.keys.filter { $0.hasPrefix("group.") || $0.hasPrefix("session.") }.isEmpty)
        await reader.close()
        await producer.close()
        broker.close()
    }

    @Test("A topic that may not be read is refused with the right that is missing")
    func refused() async throws {
        let broker = try EmbeddedBroker(partitions: 1)
        try broker.createTopic("secret")
        var configuration = KafkaConfiguration.embedded(broker.bootstrapServers)
        configuration.clients = KafkaClients()
        let producer = try KafkaProducer(configuration: configuration, logger: quiet)
        try await producer.send(["1"], to: "secret")
        broker.answer(.fetch, with: Array(repeating: .topicNotAllowed, count: 1000))
        let reader = try KafkaReader(configuration: configuration, topic: "secret", from: .beginning, logger: quiet)
        let error = await #expect(throws: KafkaError.self) { _ = try await reader.next(timeout: .seconds(60)) }
        #expect(error?.missingRight == KafkaRight(.read, .topic("secret")))
        #expect(error?.message.contains("The principal of this client needs READ on the topic 'secret'.") == true)
        #expect(configuration.clients?.refusals == error.map { [$0.message] })
        await reader.close()
        await producer.close()
        broker.close()
    }

    @Test("Closing and cancelling end the waiting")
    func ending() async throws {
        let configuration = KafkaConfiguration(brokers: "127.0.0.1:1")
        let reader = try KafkaReader(configuration: configuration, topic: "t", from: .end, logger: quiet)
        let starting = Task { try await reader.start() }
        let waiting = Task { try await reader.next() }
        waiting.cancel()
        #expect(try await waiting.value == nil)
        await reader.close()
        await #expect(throws: KafkaError.self) { try await starting.value }
    }
}
