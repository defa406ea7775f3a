import Testing

@testable import Kafka

@Suite("Producer against the embedded broker", .timeLimit(.minutes(5)))
struct KafkaProducerTests {
    @Test("With a tiny queue senders wait for room, and all messages arrive in order")
    func backPressure() async throws {
        let topic = try Shared.topic("tiny")
        let producer = try KafkaProducer(
            configuration: Shared.configuration(["queue.buffering.max.messages": "5"]),
            logger: quiet
        )
        let offsets = try await withThrowingTaskGroup(of: Int64.self) { group in
            for index in 0..<500 {
                let message = KafkaMessage(topic: topic, value: [UInt8](text: "\(index)"))
                group.addTask { try await producer.send(message).offset }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(offsets.sorted() == Array(0..<500))
        #expect(producer.pending == (0, 0))
        await producer.close()
    }

    @Test("Beyond the waiting room a send is refused as retriable")
    func waitingRoom() async throws {
        let producer = try KafkaProducer(
            configuration: KafkaConfiguration(
                brokers: "127.0.0.1:1",
                properties: ["queue.buffering.max.messages": "1"]
            ),
            options: .init(maximumWaiting: 3, closeTimeout: .zero),
            logger: quiet
        )
        let message = KafkaMessage(topic: "t", value: [])
        try await withThrowingTaskGroup(of: KafkaError.Code?.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    do {
                        _ = try await producer.send(message)
                        return nil
                    } catch let error as KafkaError { return error.code }
                }
            }
            // One is with the library, three wait, and one may be on its way between the two.
            var codes: [KafkaError.Code?] = []
            for _ in 0..<5 { codes.append(try await group.next() ?? nil) }
            #expect(codes == Array(repeating: .queueFull, count: 5))
            await producer.close()
            codes = []
            for try await code in group { codes.append(code) }
            #expect(codes.count == 5 && codes.allSatisfy { $0 == .closed || $0 == .queueFull })
            #expect(codes.count { $0 == .closed } >= 3)
        }
    }

    @Test("Without a broker the message fails when its time has passed")
    func brokerDown() async throws {
        let producer = try KafkaProducer(
            configuration: KafkaConfiguration(brokers: "127.0.0.1:1", properties: ["message.timeout.ms": "300"]),
            logger: quiet
        )
        let error = await #expect(throws: KafkaError.self) {
            try await producer.send(KafkaMessage(topic: "t", value: [1]))
        }
        #expect(error?.code == .timedOut)
        #expect(error?.isRetriable == true)
        #expect(error?.message.contains("'t'") == true)
        await producer.close()
    }

    @Test("An outage that ends in time is only a delay")
    func outage() async throws {
        let broker = try EmbeddedBroker()
        try broker.createTopic("outage", partitions: 1)
        let producer = try KafkaProducer(
            configuration: .embedded(broker.bootstrapServers, properties: ["reconnect.backoff.max.ms": "200"]),
            logger: quiet
        )
        #expect(try await producer.send(KafkaMessage(topic: "outage", value: [1])).offset == 0)
        broker.switchNetwork(isOn: false)
        async let late = producer.send(KafkaMessage(topic: "outage", value: [2]))
        while producer.pending == (0, 0) { try await Task.sleep(for: .milliseconds(1)) }
        await producer.flush(timeout: .milliseconds(300))
        #expect(producer.pending.inFlight == 1)
        broker.switchNetwork(isOn: true)
        #expect(try await late.offset == 1)
        await producer.close()
        broker.close()
    }

    @Test("After a fatal error the message in question fails, and the next goes through a fresh handle")
    func fatal() async throws {
        let broker = try EmbeddedBroker()
        let producer = try KafkaProducer(
            configuration: .embedded(broker.bootstrapServers, properties: ["reconnect.backoff.max.ms": "200"]),
            logger: quiet
        )
        let message = KafkaMessage(topic: "fatal", value: [1])
        _ = try await producer.send(message)
        broker.switchNetwork(isOn: false)
        let sending = Task { try await producer.send(message) }
        while producer.pending.inFlight == 0 { try await Task.sleep(for: .milliseconds(1)) }
        producer.injectFatalError("tried out")
        let error = await #expect(throws: KafkaError.self) { try await sending.value }
        #expect(error?.isFatal == true)
        #expect(error?.code == .fatal)
        broker.switchNetwork(isOn: true)
        #expect(try await producer.send(message).topic == "fatal")
        await producer.close()
        broker.close()
    }

    @Test("A right that is missing is named, and asked for with pauses until it is given")
    func refusedRight() async throws {
        let broker = try EmbeddedBroker(partitions: 1)
        try broker.createTopic("guarded")
        broker.answer(.initialiseProducerID, with: Array(repeating: .clusterNotAllowed, count: 1000))
        var configuration = KafkaConfiguration.embedded(broker.bootstrapServers)
        let clients = KafkaClients()
        configuration.clients = clients
        let log = LogCount()
        let producer = try KafkaProducer(configuration: configuration, logger: log.logger)
        for _ in 0..<3 {
            let error = await #expect(throws: KafkaError.self) {
                try await producer.send(KafkaMessage(topic: "guarded", value: [1]))
            }
            #expect(error?.code == .authorization && error?.isFatal == true)
            #expect(error?.missingRight == KafkaRight(.idempotentWrite, .cluster))
            #expect(
                error?.message.hasSuffix("The principal of this client needs IDEMPOTENT_WRITE on the cluster.") == true
            )
        }
        // Without pauses there would be one every few milliseconds.
        #expect((1..<20).contains(clients.failures[.authorization] ?? 0), "\(clients.failures)")
        #expect(clients.refusals.count == 1)
        #expect(log.count(of: "Kafka is in trouble") == 1)
        broker.answerNormally(.initialiseProducerID)
        var delivery: KafkaDelivery?
        while delivery == nil { delivery = try? await producer.send(KafkaMessage(topic: "guarded", value: [1])) }
        #expect(clients.refusals.isEmpty)
        #expect(log.count(of: "A trouble with Kafka has ended") == 1)
        await producer.close()
        broker.close()
    }

    @Test("A cancelled send ends at once")
    func cancellation() async throws {
        let producer = try KafkaProducer(
            configuration: KafkaConfiguration(brokers: "127.0.0.1:1"),
            options: .init(closeTimeout: .zero),
            logger: quiet
        )
        let sending = Task { try await producer.send(KafkaMessage(topic: "t", value: [])) }
        sending.cancel()
        await #expect(throws: CancellationError.self) { try await sending.value }
        await producer.close()
        await #expect(throws: KafkaError.closed("producer")) {
            try await producer.send(KafkaMessage(topic: "t", value: []))
        }
        await producer.flush(timeout: .seconds(5))
        await producer.close()
    }

    @Test("A message the library refuses is refused with its reason")
    func refused() async throws {
        let topic = try Shared.topic("refused")
        let producer = try KafkaProducer(
            configuration: Shared.configuration(["message.max.bytes": "2000"]),
            logger: quiet
        )
        let headers = [KafkaHeader(key: "h", value: [1])]
        let cases: [(KafkaMessage, KafkaError.Code)] = [
            (KafkaMessage(topic: topic, value: [UInt8](repeating: 0, count: 3000), headers: headers), .messageTooLarge),
            (KafkaMessage(topic: topic, value: [], headers: headers, partition: 77), .topic),
            (KafkaMessage(topic: topic, value: [], partition: -3), .topic),
            (KafkaMessage(topic: "not a topic", value: []), .topic),
            (KafkaMessage(topic: topic, value: [], headers: [KafkaHeader(key: "", value: nil)]), .configuration),
        ]
        _ = try await producer.send(KafkaMessage(topic: topic, value: []))
        for (message, code) in cases {
            let error = await #expect(throws: KafkaError.self) { try await producer.send(message) }
            #expect(error?.code == code, "\(error?.message ?? "")")
            #expect(error?.isFatal == false)
        }
        #expect(try await producer.send(KafkaMessage(topic: topic, value: [])).offset == 1)
        await producer.close()
    }

    @Test("The partition follows the key as Java's partitioner has it")
    func partitioner() async throws {
        let topic = try Shared.topic("murmur", partitions: 4)
        let producer = try KafkaProducer(configuration: Shared.configuration(), logger: quiet)
        // Kafka's own murmur2 values (Utils.murmur2), toPositive, modulo 4.
        for (key, hash) in [("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536)]
        {
            let delivery = try await producer.send(KafkaMessage(topic: topic, key: [UInt8](text: key), value: []))
            #expect(delivery.partition == Int32((hash & 0x7fff_ffff) % 4))
        }
        await producer.close()
    }
}
