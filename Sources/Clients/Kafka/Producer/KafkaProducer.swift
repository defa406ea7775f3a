import Concurrency
package import Logging

/// Produces records idempotently; `send` returns when the brokers have acknowledged the record.
///
/// Senders are not told to go away when the library's queue is full: they wait, in order, until deliveries make room.
/// After a fatal error (a broken sequence, a refused right) those messages whose fate is unknown fail with `isFatal`, and
/// the next `send` works on a fresh handle. Where that breaks as well, what waits fails too, and the next handle is made
/// after a pause that doubles up to half a minute.
package final class KafkaProducer: Sendable {
    /// Bounds and times.
    package struct Options: Sendable {
        /// How long a message waits for others to share its request.
        package var linger: Duration
        /// Messages that may wait for room in the library's queue; a `send` beyond fails with `.queueFull`.
        package var maximumWaiting: Int
        /// How long `close` waits for acknowledgements.
        package var closeTimeout: Duration

        package init(
            linger: Duration = .milliseconds(5),
            maximumWaiting: Int = 10_000,
            closeTimeout: Duration = .seconds(10)
        ) {
            self.linger = linger
            self.maximumWaiting = maximumWaiting
            self.closeTimeout = closeTimeout
        }
    }

    let storage: ProducerStorage
    private let options: Options

    /// Creates the client; no broker need be reachable yet.
    ///
    /// - Throws: `KafkaError` with the code `.configuration`.
    package init(
        configuration: KafkaConfiguration,
        options: Options = Options(),
        logger: Logger
    ) throws(KafkaError) {
        let properties = try ClientProperties.producer(
            configuration,
            linger: options.linger,
            version: NativeLibrary.versionNumber
        )
        let native = try NativeProducer(properties: properties, clients: configuration.clients, logger: logger)
        let storage = ProducerStorage(maximumWaiting: options.maximumWaiting, client: native.client)
        self.storage = storage
        self.options = options
        let thread = ProducerThread(
            storage: storage,
            properties: properties,
            clients: configuration.clients,
            logger: logger
        )
        do {
            try PollThread.start("producer") { thread.run(native, $0) }
        } catch {
            native.client.destroy()
            throw error
        }
    }

    deinit {
        self.storage.requestClose(timeout: .zero)
    }

    /// Sends one message and awaits its acknowledgement (all in-sync replicas).
    ///
    /// A cancelled `send` drops the message if it still waits for room; later it may still be stored.
    ///
    /// - Throws: `KafkaError`, or `CancellationError`. With `.timedOut` the message may have been stored: send it
    ///   again only if its readers drop repeats.
    package func send(_ message: KafkaMessage) async throws -> KafkaDelivery {
        try KafkaTopic.validate(message.topic)
        if let partition = message.partition, partition < 0 {
            throw KafkaError(code: .topic, message: "Partition \(partition) of '\(message.topic)' can't be: below 0.")
        }
        switch await self.storage.send(message) {
        case .settled(let outcome): return try outcome.get()
        case .cancelled: throw CancellationError()
        }
    }

    /// Waits until every message sent so far is acknowledged or has failed, or the time has run out.
    package func flush(timeout: Duration) async {
        await self.storage.flush(timeout: timeout)
    }

    /// Messages that wait for room, and messages sent and not acknowledged.
    package var pending: (waiting: Int, inFlight: Int) { self.storage.counts }

    /// Refuses new messages, waits for the others (`closeTimeout`; then they fail with `.closed`), frees everything.
    /// May be called more than once.
    package func close() async {
        self.storage.requestClose(timeout: self.options.closeTimeout)
        await self.storage.closed()
    }
}
