import Logging
import Testing

@testable import Kafka

@Suite("Consumer against the embedded broker", .timeLimit(.minutes(5)))
struct KafkaConsumerTests {
    private func producer() throws -> KafkaProducer {
        try KafkaProducer(configuration: Shared.configuration(), logger: quiet)
    }

    private func consumer(
        _ group: String,
        _ topic: String,
        options: KafkaConsumer.Options = .init(),
        properties: [String: String] = [:],
        logger: Logger = quiet
    ) throws -> KafkaConsumer {
        try KafkaConsumer(
            configuration: Shared.configuration(properties),
            groupID: group,
            topics: [topic],
            options: options,
            logger: logger
        )
    }

    @Test("Headers, tombstones, empty and oversize values arrive as they were sent")
    func roundTrip() async throws {
        let topic = try Shared.topic("round-trip")
        let producer = try self.producer()
        let sent = [
            KafkaMessage(
                topic: topic,
                key: [UInt8](text: "shop"),
                value: [UInt8](text: "first"),
                headers: [
                    KafkaHeader(key: "ce_id", value: [UInt8](text: "1")),
                    KafkaHeader(key: "ce_id", value: []),
                    KafkaHeader(key: "none", value: nil),
                ],
                timestampMilliseconds: 1_700_000_000_123
            ),
            KafkaMessage(topic: topic, key: [UInt8](text: "shop"), value: nil),
            KafkaMessage(topic: topic, key: nil, value: []),
            KafkaMessage(
                topic: topic,
                key: [UInt8](text: "big"),
                value: [UInt8](repeating: 7, count: 5000),
                headers: [KafkaHeader(key: "kept", value: [1])]
            ),
            KafkaMessage(topic: topic, value: [0xff, 0x00, 0xfe]),
        ]
        for (index, message) in sent.enumerated() {
            let delivery = try await producer.send(message)
            #expect(delivery == KafkaDelivery(topic: topic, partition: 0, offset: Int64(index)))
        }
        let options = KafkaConsumer.Options(maximumRecordBytes: 1000)
        let consumer = try self.consumer(Shared.group("round-trip"), topic, options: options)
        let records = try await consumer.receive(sent.count).records
        #expect(records.map(\.offset) == [0, 1, 2, 3, 4])
        #expect(records[0].headers == sent[0].headers)
        #expect(records[0].header("ce_id") == [UInt8](text: "1"))
        #expect(records[0].timestampMilliseconds == 1_700_000_000_123)
        #expect(records[0].key == sent[0].key && records[0].value == sent[0].value)
        #expect(records[1].value == nil && records[1].oversize == nil)
        #expect(records[2].value == [] && records[2].key == nil)
        #expect(records[3].value == [UInt8](repeating: 7, count: 1000) && records[3].oversize == 5000 + 3 + 5)
        #expect(records[3].key == sent[3].key && records[3].headers == sent[3].headers)
        #expect(records[4].value == sent[4].value)
        #expect(consumer.isJoined)
        #expect(consumer.statistics.assignment == [KafkaPartition(topic: topic, partition: 0)])
        await consumer.close()
        #expect(try await consumer.nextBatch() == nil)
        await producer.close()
    }

    @Test("What was not stored comes again after a restart, what was stored does not", arguments: [false, true])
    func restart(stored: Bool) async throws {
        let topic = try Shared.topic("restart")
        let group = Shared.group("restart")
        let producer = try self.producer()
        try await producer.send((0..<10).map(String.init), to: topic)
        let first = try self.consumer(group, topic, options: .init(drainTimeout: .milliseconds(50)))
        let before = try await first.receive(10, storing: stored)
        #expect(before.records.count == 10)
        await first.close()
        try await producer.send(["last"], to: topic)
        let second = try self.consumer(group, topic)
        let after = try await second.receive(stored ? 1 : 11).records
        #expect(after.map(\.offset) == (stored ? [10] : Array(0...10)))
        await second.close()
        await producer.close()
    }

    @Test("A batch that is out neither holds up the close for ever nor gets stored after it")
    func closeWithBatchOut() async throws {
        let topic = try Shared.topic("close")
        let producer = try self.producer()
        try await producer.send(["a"], to: topic)
        let options = KafkaConsumer.Options(drainTimeout: .milliseconds(100))
        let consumer = try self.consumer(Shared.group("close"), topic, options: options)
        let batch = try #require(try await consumer.nextBatch())
        async let reader = consumer.nextBatch()
        await consumer.close()
        #expect(try await reader == nil)
        await #expect(throws: KafkaError.closed("consumer")) { try await consumer.store(batch) }
        await consumer.close()
        await producer.close()
    }

    @Test("Closing waits for a batch that is stored in time, and commits it")
    func closeDrains() async throws {
        let topic = try Shared.topic("drain")
        let group = Shared.group("drain")
        let producer = try self.producer()
        try await producer.send(["a", "b"], to: topic)
        let first = try self.consumer(group, topic, options: .init(drainTimeout: .seconds(30)))
        let batches = try await first.receive(2, storing: false).batches
        async let closing: Void = first.close()
        for batch in batches { try await first.store(batch) }
        await closing
        try await producer.send(["c"], to: topic)
        let second = try self.consumer(group, topic)
        #expect(try await second.receive(1).records.map(\.text) == ["c"])
        await second.close()
        await producer.close()
    }

    @Test("Nothing is handed out during a pause, and nothing is lost or repeated by it", arguments: [false, true])
    func pause(beforeJoining: Bool) async throws {
        let topic = try Shared.topic("pause", partitions: 2)
        let producer = try self.producer()
        let probe = LogProbe()
        let consumer = try self.consumer(Shared.group("pause"), topic, logger: probe.logger)
        if beforeJoining {
            consumer.pause()
            await probe.first("partitions were paused")
            try await producer.send((0..<10).map(String.init), to: topic, partitions: 2)
        } else {
            try await producer.send((0..<10).map(String.init), to: topic, partitions: 2)
            #expect(try await consumer.receive(10).records.count == 10)
            consumer.pause()
            consumer.pause()
            // What is fetched before the consumer's thread gets to it is kept for later, but it is fetched.
            await probe.first("partitions were paused")
            try await producer.send((10..<20).map(String.init), to: topic, partitions: 2)
        }
        let waiting = Task { try await consumer.nextBatch() }
        // Another reader has read everything: the paused one could have, too.
        let reader = try KafkaReader(
            configuration: Shared.configuration(),
            topic: topic,
            from: .beginning,
            logger: quiet
        )
        for _ in 0..<(beforeJoining ? 10 : 20) { #expect(try await reader.next(timeout: .seconds(60)) != nil) }
        await reader.close()
        #expect(consumer.statistics.bufferedRecords == 0)
        #expect(consumer.statistics.outstandingBatches == 0)
        consumer.resume()
        consumer.resume()
        let first = try #require(try await waiting.value)
        try await consumer.store(first)
        let rest = try await consumer.receive(10 - first.records.count).records
        let texts = (first.records + rest).compactMap(\.text)
        #expect(texts.compactMap { Int($0) }.sorted() == (beforeJoining ? Array(0..<10) : Array(10..<20)))
        await consumer.close()
        await producer.close()
    }

    @Test("A slow reader gets everything once and in order, though fetching is paused and resumed under it")
    func backPressure() async throws {
        let topic = try Shared.topic("slow")
        let producer = try self.producer()
        for chunk in 0..<10 {
            try await producer.send((0..<100).map { String(chunk * 100 + $0) }, to: topic)
        }
        let options = KafkaConsumer.Options(maximumBatch: 20, maximumOutstandingBatches: 2)
        let consumer = try self.consumer(Shared.group("slow"), topic, options: options)
        var offsets: [Int64] = []
        var largest = 0
        while offsets.count < 1000, let batch = try await consumer.nextBatch() {
            #expect(batch.records.count <= 20)
            largest = max(largest, consumer.statistics.bufferedRecords)
            offsets += batch.records.map(\.offset)
            try await consumer.store(batch)
        }
        #expect(offsets == Array(0..<1000))
        #expect(largest <= 640)
        await consumer.close()
        await producer.close()
    }

    @Test(
        "Work in flight finishes before its partitions go to another member",
        arguments: ["range", "cooperative-sticky"]
    )
    func rebalance(strategy: String) async throws {
        let topic = try Shared.topic("rebalance", partitions: 4)
        let group = Shared.group("rebalance")
        let properties = ["partition.assignment.strategy": strategy]
        let producer = try self.producer()
        try await producer.send((0..<40).map(String.init), to: topic, partitions: 4)
        let probe = LogProbe()
        let first = try self.consumer(
            group,
            topic,
            options: .init(revokeGrace: .seconds(30)),
            properties: properties,
            logger: probe.logger
        )
        let inFlight = try await first.receive(40, storing: false)
        #expect(inFlight.records.count == 40)
        let second = try self.consumer(group, topic, properties: properties)
        await probe.first("Kafka partitions revoked")
        for batch in inFlight.batches { try await first.store(batch) }
        await probe.first("partitions were assigned")
        try await producer.send((40..<48).map(String.init), to: topic, partitions: 4)
        let seen = Gathered()
        await withTaskGroup(of: Void.self) { tasks in
            for consumer in [first, second] {
                tasks.addTask {
                    while !Set(seen.sorted).isSuperset(of: 40..<48) {
                        guard let batch = try? await consumer.nextBatch() else { return }
                        seen.add(batch.records)
                        try? await consumer.store(batch)
                    }
                }
            }
            await tasks.next()
            tasks.cancelAll()
        }
        // Nothing is lost. Whether the work in flight comes again is up to the embedded broker, which refuses commits
        // (error 27) while members join; a real one accepts them until this member joins again.
        #expect(Set(seen.sorted).isSuperset(of: 40..<48))
        let assigned = [first.statistics.assignment, second.statistics.assignment]
        #expect(assigned.map(\.count) == [2, 2])
        #expect(Set(assigned.joined()).count == 4)
        #expect(first.statistics.rebalances >= 3)
        await first.close()
        await second.close()
        await producer.close()
    }

    @Test(
        "When the grace has passed the partition goes, and its late work is delivered again",
        arguments: ["range", "cooperative-sticky"]
    )
    func graceExpires(strategy: String) async throws {
        let topic = try Shared.topic("grace", partitions: 2)
        let group = Shared.group("grace")
        let properties = ["partition.assignment.strategy": strategy]
        let producer = try self.producer()
        try await producer.send(["a", "b"], to: topic, partitions: 2)
        let probe = LogProbe()
        let first = try self.consumer(
            group,
            topic,
            options: .init(revokeGrace: .milliseconds(200)),
            properties: properties,
            logger: probe.logger
        )
        let late = try await first.receive(2, storing: false).batches
        let second = try self.consumer(group, topic, properties: properties)
        await probe.first("partitions were given up")
        for batch in late { try await first.store(batch) }
        // Each has one partition in the end, no matter which.
        let again = try await second.receive(1).records
        #expect(again.map(\.text) == [again.first?.partition == 0 ? "a" : "b"])
        if strategy == "range" {
            // Both partitions went, so that the work of the one that came back comes again as well.
            let back = try await first.receive(1).records
            #expect(Set((again + back).map(\.text)) == ["a", "b"])
        }
        await first.close()
        await second.close()
        await producer.close()
    }

    @Test("A cancelled reader gets nil and takes no batch with it")
    func cancellation() async throws {
        let topic = try Shared.topic("cancel")
        let consumer = try self.consumer(Shared.group("cancel"), topic)
        let reader = Task { try await consumer.nextBatch() }
        reader.cancel()
        #expect(try await reader.value == nil)
        let producer = try self.producer()
        try await producer.send(["a"], to: topic)
        #expect(try await consumer.receive(1).records.map(\.text) == ["a"])
        await consumer.close()
        await producer.close()
    }

    @Test("The lag is known from the library's statistics")
    func lag() async throws {
        let topic = try Shared.topic("lag")
        let producer = try self.producer()
        try await producer.send((0..<5).map(String.init), to: topic)
        let consumer = try self.consumer(
            Shared.group("lag"),
            topic,
            options: .init(maximumBatch: 2),
            properties: ["statistics.interval.ms": "100"]
        )
        let batch = try #require(try await consumer.nextBatch())
        try await consumer.store(batch)
        let partition = KafkaPartition(topic: topic, partition: 0)
        let expected = Int64(5 - batch.records.count)
        while consumer.statistics.lag[partition] != expected { try await Task.sleep(for: .milliseconds(20)) }
        #expect(consumer.statistics.connectedBrokers == 1)
        await consumer.close()
        await producer.close()
    }

    @Test("A consumer that is only dropped leaves its group")
    func dropped() async throws {
        let topic = try Shared.topic("dropped")
        let group = Shared.group("dropped")
        let probe = LogProbe()
        do {
            let consumer = try self.consumer(group, topic, logger: probe.logger)
            await probe.first("partitions were assigned")
            #expect(consumer.isJoined)
        }
        await probe.first("partitions were given up")
    }

    @Test(
        "What can't be is refused with a text that names it",
        arguments: [
            (["no.such.property": "1"], "no.such.property"),
            (["session.timeout.ms": "soon"], "session.timeout.ms"),
            (["enable.auto.offset.store": "true"], "managed"),
            (["ssl.key.password\u{0}": "x"], "zero byte"),
        ]
    )
    func configuration(properties: [String: String], part: String) throws {
        let error = #expect(throws: KafkaError.self) {
            try self.consumer("refused", "refused", properties: properties)
        }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    @Test("A fatal error ends the reading, and the close after it")
    func fatal() async throws {
        let consumer = try self.consumer(Shared.group("fatal"), Shared.topic("fatal"))
        async let waiting = consumer.nextBatch()
        consumer.injectFatalError("fenced")
        do {
            _ = try await waiting
            Issue.record("The reader was not told.")
        } catch let error as KafkaError {
            #expect(error.isFatal && error.code == .fatal)
        }
        await #expect(throws: KafkaError.self) { try await consumer.nextBatch() }
        await consumer.close()
    }

    @Test("Too many headers make a record oversize rather than a burden")
    func headers() async throws {
        let topic = try Shared.topic("headers")
        let producer = try self.producer()
        let many = (0..<1025).map { KafkaHeader(key: "h", value: [UInt8($0 % 256)]) }
        _ = try await producer.send(KafkaMessage(topic: topic, key: [1], value: [2], headers: many))
        let reader = try KafkaReader(
            configuration: Shared.configuration(),
            topic: topic,
            from: .beginning,
            logger: quiet
        )
        let record = try #require(try await reader.next(timeout: .seconds(60)))
        #expect(record.oversize == 1025 * 2 + 2)
        #expect(record.headers.isEmpty && record.value == [2] && record.key == [1])
        await reader.close()
        await producer.close()
    }

    @Test("A consumer without brokers waits and closes at once")
    func noBroker() async throws {
        let configuration = KafkaConfiguration(brokers: "127.0.0.1:1")
        let consumer = try KafkaConsumer(configuration: configuration, groupID: "g", topics: ["t"], logger: quiet)
        async let batch = consumer.nextBatch()
        #expect(!consumer.isJoined)
        await consumer.close()
        #expect(try await batch == nil)
    }
}
