import Concurrency
package import Logging

/// Publishes messages in transactions, as the only producer of its id: one that starts with the same transactional id later
/// fences this producer, so that a zombie can't publish what its successor has published already.
///
/// One transaction at a time; publishers wait for their turn in order. All blocking calls run on the client's own
/// thread, in slices of at most a quarter of a second, so that closing never waits for long.
package final class TransactionalProducer: Sendable {
    private let storage: TransactionStorage
    /// The name that is fenced by.
    package let transactionalID: String

    /// Creates the client; no broker need be reachable yet, and no producer is fenced before `start()`.
    ///
    /// - Parameters:
    ///   - transactionalID: the same for all processes that must not publish at the same time, such as a shard's name.
    ///   - transactionTimeout: how long one transaction, and one `start()`, may take; after it the broker aborts what
    ///     is open. One second to 15 minutes (more is refused by brokers unless configured).
    /// - Throws: `KafkaError` with the code `.configuration`.
    package init(
        configuration: KafkaConfiguration,
        transactionalID: String,
        transactionTimeout: Duration = .seconds(30),
        logger: Logger
    ) throws(KafkaError) {
        let properties = try ClientProperties.transactional(
            configuration,
            id: transactionalID,
            timeout: transactionTimeout,
            version: NativeLibrary.versionNumber
        )
        let native = try NativeProducer(properties: properties, clients: configuration.clients, logger: logger)
        let limits = TransactionLimits(transaction: transactionTimeout)
        let storage = TransactionStorage(limits: limits, client: native.client)
        self.storage = storage
        self.transactionalID = transactionalID
        let thread = TransactionThread(native: native, storage: storage, id: transactionalID, logger: logger)
        do {
            try PollThread.start("transactional producer") { thread.run($0) }
        } catch {
            native.client.destroy()
            throw error
        }
    }

    deinit {
        self.storage.requestClose()
    }

    /// Takes the transactional id: fences its previous owner, and awaits that what the owner left open is finished or
    /// aborted, so that the topic shows the outcome of all of it.
    ///
    /// May be called again when it failed with `isRetriable`; it goes on from where it was. After it succeeded it does
    /// nothing.
    ///
    /// - Throws: `KafkaError`: `.timedOut` or `.transport` when no coordinator answers within the transaction's
    ///   time-out; with `isFatal` this producer cannot be used again; `.closed` after a close or a cancellation.
    package func start() async throws(KafkaError) {
        try await self.storage.start().get()
    }

    /// Publishes the messages in one transaction and returns when it is committed.
    ///
    /// Messages to one partition are stored in the order given. Without messages nothing happens. When the awaiting
    /// task is cancelled the transaction is aborted; one whose commit is under way has two more seconds to become known.
    ///
    /// What fails because no broker can be reached is retried until `transactionTimeout` has passed, plus a second to abort.
    ///
    /// - Returns: where each message was stored, in the order given. The offset is -1 where the acknowledgement was lost
    ///   and the broker only knew the message again.
    package func publish(_ messages: [KafkaMessage]) async throws(TransactionFailure) -> [KafkaDelivery] {
        for (index, message) in messages.enumerated() {
            if let error = TransactionalProducer.objection(to: message) { throw .aborted(error, message: index) }
        }
        return try await self.storage.publish(messages).get()
    }

    /// Aborts what is open, waits up to two seconds for a commit that is under way, frees everything. What waits for
    /// its turn fails with `.closed`. May be called more than once.
    package func close() async {
        self.storage.requestClose()
        await self.storage.closed()
    }

    /// For tests: what the thread is at.
    var phase: TransactionStateMachine.Phase { self.storage.phase }

    private static func objection(to message: KafkaMessage) -> KafkaError? {
        do throws(KafkaError) {
            try KafkaTopic.validate(message.topic)
        } catch {
            return error
        }
        guard let partition = message.partition, partition < 0 else { return nil }
        return KafkaError(code: .topic, message: "Partition \(partition) of '\(message.topic)' can't be: below 0.")
    }
}
