import Testing

@testable import Kafka

@Suite("Transactional producer against the embedded broker", .timeLimit(.minutes(5)))
struct TransactionalProducerTests {
    /// A broker of its own: faults and outages would meet others.
    private let broker: EmbeddedBroker

    init() throws {
        self.broker = try EmbeddedBroker(partitions: 1)
        try self.broker.createTopic("t")
    }

    private func producer(
        _ id: String = "shard",
        timeout: Duration = .seconds(20),
        _ properties: [String: String] = [:]
    ) throws -> TransactionalProducer {
        try TransactionalProducer(
            configuration: .embedded(
                self.broker.bootstrapServers,
                properties: properties.merging(["reconnect.backoff.max.ms": "200"]) { first, _ in first }
            ),
            transactionalID: id,
            transactionTimeout: timeout,
            logger: quiet
        )
    }

    private func started(timeout: Duration = .seconds(20)) async throws -> TransactionalProducer {
        let producer = try self.producer(timeout: timeout)
        try await producer.start()
        return producer
    }

    private func messages(_ texts: String...) -> [KafkaMessage] {
        texts.map { KafkaMessage(topic: "t", key: [1], value: [UInt8](text: $0)) }
    }

    private func topic() async throws -> [String?] {
        let configuration = KafkaConfiguration.embedded(self.broker.bootstrapServers)
        let reader = try KafkaReader(configuration: configuration, topic: "t", from: .beginning, logger: quiet)
        let records = try await reader.recordsUpToEnd(timeout: .seconds(60))
        await reader.close()
        return records.map(\.text)
    }

    /// Awaits that the thread is at something.
    private func reach(
        _ producer: TransactionalProducer,
        _ isReached: (TransactionStateMachine.Phase) -> Bool
    ) async throws {
        while !isReached(producer.phase) { try await Task.sleep(for: .milliseconds(1)) }
    }

    /// Holds up every request of a kind until it is answered normally.
    private func hold(_ request: EmbeddedBroker.Request) {
        self.broker.answer(request, with: Array(repeating: .concurrentTransactions, count: 10_000))
    }

    private func failure(_ task: Task<[KafkaDelivery], any Error>) async -> TransactionFailure? {
        await #expect(throws: TransactionFailure.self) { try await task.value }
    }

    @Test("Transactions are committed one after the other, each with its messages in order")
    func order() async throws {
        let producer = try self.producer()
        await #expect(throws: TransactionFailure.notStarted) { try await producer.publish(self.messages("early")) }
        try await producer.start()
        try await producer.start()
        #expect(try await producer.publish([]).isEmpty)
        let first = try await producer.publish(self.messages("a", "b", "c"))
        #expect(first.map(\.offset) == [0, 1, 2])
        let many = (0..<700).map { KafkaMessage(topic: "t", key: [1], value: [UInt8](text: "\($0)")) }
        #expect(try await producer.publish(many).map(\.offset) == Array(3..<703))
        #expect(try await self.topic() == ["a", "b", "c"] + (0..<700).map(String.init))
        await producer.close()
        await producer.close()
        await #expect(throws: TransactionFailure.closed) { try await producer.publish(self.messages("late")) }
        await #expect(throws: KafkaError.closed("producer")) { try await producer.start() }
    }

    @Test("With a queue smaller than the transaction everything arrives, in order")
    func smallQueue() async throws {
        let producer = try self.producer("small", ["queue.buffering.max.messages": "10"])
        try await producer.start()
        let many = (0..<200).map { KafkaMessage(topic: "t", value: [UInt8](text: "\($0)"), partition: 0) }
        #expect(try await producer.publish(many).map(\.offset) == Array(0..<200))
        await producer.close()
    }

    @Test("Errors that pass are only a delay", arguments: EmbeddedBroker.passing)
    func passing(request: EmbeddedBroker.Request, fault: EmbeddedBroker.Fault) async throws {
        self.broker.answer(request, with: [fault])
        let producer = try await self.started()
        #expect(try await producer.publish(self.messages("a")).count == 1)
        #expect(try await producer.publish(self.messages("b")).count == 1)
        #expect(try await self.topic() == ["a", "b"])
        await producer.close()
    }

    @Test("A fenced producer has ended for good, and its successor goes on", arguments: EmbeddedBroker.fencing)
    func fenced(request: EmbeddedBroker.Request, fault: EmbeddedBroker.Fault) async throws {
        let zombie = try await self.started()
        _ = try await zombie.publish(self.messages("a"))
        let successor = try await self.started()
        self.broker.answer(request, with: [fault])
        for _ in 0..<2 {
            let failure = await #expect(throws: TransactionFailure.self) {
                try await zombie.publish(self.messages("b"))
            }
            guard case .fenced(let error) = failure else {
                Issue.record("\(String(describing: failure))")
                continue
            }
            #expect(error.isFatal)
            #expect(failure?.endsProducer == true)
        }
        _ = try await successor.publish(self.messages("c"))
        await zombie.close()
        await successor.close()
    }

    @Test("A producer that is fenced while it starts is told so")
    func fencedStart() async throws {
        let producer = try self.producer()
        self.broker.answer(.initialiseProducerID, with: [.producerFenced])
        let error = await #expect(throws: KafkaError.self) { try await producer.start() }
        #expect(error?.isFatal == true)
        await producer.close()
    }

    @Test("A refused commit leaves the outcome open; a new producer with the id goes on")
    func unknown() async throws {
        let producer = try await self.started()
        self.broker.answer(.endTransaction, with: [.transactionStateInvalid])
        let publishing = Task { try await producer.publish(self.messages("a")) }
        guard case .unknown = await self.failure(publishing) else {
            Issue.record("A commit that was refused counts as known."); return
        }
        await #expect(throws: TransactionFailure.closed) { try await producer.publish(self.messages("b")) }
        await producer.close()
        let next = try await self.started()
        _ = try await next.publish(self.messages("c"))
        await next.close()
    }

    @Test("A message that is too large for the client aborts the transaction and is named")
    func tooLarge() async throws {
        let producer = try self.producer("large", ["message.max.bytes": "2000"])
        try await producer.start()
        let large = KafkaMessage(topic: "t", value: [UInt8](repeating: 1, count: 3000))
        let publishing = Task { try await producer.publish(self.messages("a", "b") + [large] + self.messages("c")) }
        guard case .aborted(let error, message: 2) = await self.failure(publishing) else {
            Issue.record("The third message is too large."); return
        }
        #expect(error.code == .messageTooLarge && !error.isRetriable && !error.isFatal)
        _ = try await producer.publish(self.messages("d"))
        let nowhere = [KafkaMessage(topic: "no topic", value: []), KafkaMessage(topic: "t", value: [], partition: -2)]
        for message in nowhere {
            let refused = Task { try await producer.publish(self.messages("e") + [message]) }
            guard case .aborted(_, message: 1) = await self.failure(refused) else {
                Issue.record("The second message can't be sent."); return
            }
        }
        await producer.close()
    }

    @Test("A message that the broker refuses aborts the transaction; what follows may take a second attempt")
    func refused() async throws {
        let producer = try await self.started()
        _ = try await producer.publish(self.messages("a"))
        self.broker.answer(.produce, with: [.messageTooLarge])
        let publishing = Task { try await producer.publish(self.messages("b")) }
        guard case .aborted(let error, message: 0) = await self.failure(publishing) else {
            Issue.record("The message is too large for the broker."); return
        }
        #expect(error.code == .messageTooLarge)
        // librdkafka notices only now that its sequence has a gap, and mends it with the abort.
        var attempts = 0
        while true {
            attempts += 1
            do throws(TransactionFailure) {
                _ = try await producer.publish(self.messages("c"))
                break
            } catch {
                guard case .aborted(let error, message: nil) = error, error.isRetriable, attempts < 3 else {
                    throw error
                }
            }
        }
        #expect(try await self.topic() == ["a", "c"])
        await producer.close()
    }

    @Test("An outage that ends in time is only a delay, and nothing is stored twice", arguments: Outage.allCases)
    func outage(_ outage: Outage) async throws {
        let producer = try await self.started()
        _ = try await producer.publish(self.messages("a"))
        self.hold(outage.request)
        let publishing = Task { try await producer.publish(self.messages("b", "c")) }
        try await self.reach(producer, outage.isReached)
        self.broker.switchNetwork(isOn: false)
        self.broker.answerNormally(outage.request)
        self.broker.switchNetwork(isOn: true)
        #expect(try await publishing.value.count == 2)
        _ = try await producer.publish(self.messages("d"))
        #expect(try await self.topic() == ["a", "b", "c", "d"])
        await producer.close()
    }

    @Test("An outage before the commit that lasts aborts; one in the commit leaves the outcome unknown")
    func lastingOutage() async throws {
        let aborted = try await self.started(timeout: .seconds(6))
        self.broker.switchNetwork(isOn: false)
        let early = await self.failure(Task { try await aborted.publish(self.messages("b")) })
        guard case .aborted(let error, message: nil) = early else {
            Issue.record("\(String(describing: early))")
            return
        }
        #expect(error.code == .timedOut)
        self.broker.switchNetwork(isOn: true)

        let unknown = try await self.started()
        self.hold(.endTransaction)
        let publishing = Task { try await unknown.publish(self.messages("c")) }
        try await self.reach(unknown) { $0 == .committing }
        self.broker.switchNetwork(isOn: false)
        publishing.cancel()
        guard case .unknown = await self.failure(publishing) else {
            Issue.record("The commit was under way.")
            return
        }
        await aborted.close()
        await unknown.close()
    }

    @Test("Without a broker starting ends in time, can be repeated, and closing is not held up")
    func noBroker() async throws {
        let producer = try TransactionalProducer(
            configuration: KafkaConfiguration(brokers: "127.0.0.1:1"),
            transactionalID: "nobody",
            transactionTimeout: .seconds(1),
            logger: quiet
        )
        for _ in 0..<2 {
            let error = await #expect(throws: KafkaError.self) { try await producer.start() }
            #expect(error?.isRetriable == true && error?.isFatal == false)
        }
        let cancelled = Task { try await producer.start() }
        cancelled.cancel()
        await #expect(throws: KafkaError.closed("producer")) { try await cancelled.value }
        let starting = Task { try await producer.start() }
        try await self.reach(producer) { if case .starting = $0 { true } else { false } }
        await producer.close()
        await #expect(throws: KafkaError.closed("producer")) { try await starting.value }
    }

    @Test("Cancelling aborts what is not being committed, and awaits what is")
    func cancellation() async throws {
        let producer = try await self.started()
        self.hold(.addPartitionsToTransaction)
        let aborted = Task { try await producer.publish(self.messages("b")) }
        try await self.reach(producer) { $0 == .producing }
        aborted.cancel()
        guard case .aborted(let error, message: nil) = await self.failure(aborted) else {
            Issue.record("The transaction was not aborted.")
            return
        }
        #expect(error.code == .closed && !error.isFatal)
        self.broker.answerNormally(.addPartitionsToTransaction)
        self.hold(.endTransaction)
        let committed = Task { try await producer.publish(self.messages("c")) }
        try await self.reach(producer) { $0 == .committing }
        let waiting = Task { try await producer.publish(self.messages("d")) }
        waiting.cancel()
        guard case .aborted = await self.failure(waiting) else {
            Issue.record("It had not had its turn.")
            return
        }
        committed.cancel()
        self.broker.answerNormally(.endTransaction)
        #expect(try await committed.value.count == 1)
        #expect(try await self.topic() == ["c"])
        await producer.close()
    }

    @Test("Closing while a transaction is open aborts it", arguments: [true, false])
    func closingOpen(isReachable: Bool) async throws {
        let producer = try await self.started()
        self.hold(.addPartitionsToTransaction)
        let open = Task { try await producer.publish(self.messages("a")) }
        try await self.reach(producer) { $0 == .producing }
        self.broker.switchNetwork(isOn: isReachable)
        await producer.close()
        guard case .aborted = await self.failure(open) else {
            Issue.record("It was not aborted.")
            return
        }
    }

    @Test("Closing awaits a commit that is under way, but not for long", arguments: [true, false])
    func closingCommit(isReachable: Bool) async throws {
        let producer = try await self.started()
        self.hold(.endTransaction)
        let committing = Task { try await producer.publish(self.messages("a")) }
        try await self.reach(producer) { $0 == .committing }
        self.broker.switchNetwork(isOn: isReachable)
        async let closed: Void = producer.close()
        self.broker.answerNormally(.endTransaction)
        await closed
        if isReachable {
            #expect(try await committing.value.count == 1)
        } else {
            guard case .unknown = await self.failure(committing) else {
                Issue.record("The commit was under way.")
                return
            }
        }
    }

    @Test("A producer that is let go of ends by itself")
    func abandoned() async throws {
        var producer: TransactionalProducer? = try await self.started()
        _ = try await producer?.publish(self.messages("a"))
        producer = nil
        #expect(try await self.topic() == ["a"])
    }
}

/// Where an outage meets a transaction.
enum Outage: CaseIterable, Sendable {
    case producing
    case committing

    var request: EmbeddedBroker.Request { self == .producing ? .addPartitionsToTransaction : .endTransaction }

    func isReached(_ phase: TransactionStateMachine.Phase) -> Bool {
        self == .producing ? phase == .producing : phase == .committing
    }
}

extension EmbeddedBroker {
    static let passing: [(Request, Fault)] = [
        (.initialiseProducerID, .concurrentTransactions), (.initialiseProducerID, .coordinatorNotAvailable),
        (.initialiseProducerID, .disconnect), (.findCoordinator, .coordinatorNotAvailable),
        (.addPartitionsToTransaction, .concurrentTransactions), (.addPartitionsToTransaction, .coordinatorLoading),
        (.addPartitionsToTransaction, .notCoordinator), (.addPartitionsToTransaction, .disconnect),
        (.produce, .notEnoughReplicas), (.produce, .notLeader), (.produce, .disconnect),
        (.endTransaction, .concurrentTransactions), (.endTransaction, .coordinatorNotAvailable),
        (.endTransaction, .notCoordinator), (.endTransaction, .disconnect),
    ]

    static let fencing: [(Request, Fault)] = [
        (.addPartitionsToTransaction, .producerFenced), (.addPartitionsToTransaction, .producerEpochOutdated),
        (.produce, .producerEpochOutdated), (.endTransaction, .producerFenced),
        (.endTransaction, .producerEpochOutdated),
    ]
}
