internal import CRDKafka
import Logging

/// One librdkafka handle with the queue its thread polls. Not to be used after `destroy`.
///
/// `@unchecked Sendable`: it holds C pointers to objects that librdkafka locks itself. All calls but `wake` are made by
/// the client's own thread, which also destroys it; `wake` is only called under the lock that guards "not yet
/// destroyed".
final class NativeClient: @unchecked Sendable {
    enum Kind {
        /// A member of a group, or a reader with a group's name.
        case consumer
        case producer
        /// Asks and creates topics; a consumer to the library, but without a group.
        case admin
    }

    let handle: OpaquePointer
    /// Events (messages, rebalances, delivery reports, errors) arrive here.
    let queue: OpaquePointer
    /// Where it is registered until it is destroyed.
    let clients: KafkaClients?
    private let logBox: Unmanaged<NativeLogBox>

    /// Creates the client.
    ///
    /// - Throws: a `.configuration` error that names the property, with the library's own text.
    init(
        kind: Kind,
        properties: [String: String],
        events: Int32,
        clients: KafkaClients? = nil,
        logger: Logger
    ) throws(KafkaError) {
        let configuration = rd_kafka_conf_new()
        do {
            try NativeClient.apply(properties, to: configuration)
        } catch {
            rd_kafka_conf_destroy(configuration)
            throw error
        }
        rd_kafka_conf_set_events(configuration, events)
        let box = Unmanaged.passRetained(NativeLogBox(logger))
        rd_kafka_conf_set_opaque(configuration, box.toOpaque())
        rd_kafka_conf_set_log_cb(configuration, forwardLog)
        let type = kind == .producer ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER
        let (created, text) = withErrorText { rd_kafka_new(type, configuration, $0, $1) }
        guard let handle = created else {
            // On failure the configuration still is ours.
            rd_kafka_conf_destroy(configuration)
            box.release()
            throw .configuration("The Kafka \(kind) could not be created: \(text)")
        }
        if kind == .consumer { rd_kafka_poll_set_consumer(handle) }
        let queue = kind == .consumer ? rd_kafka_queue_get_consumer(handle) : rd_kafka_queue_get_main(handle)
        guard let queue else {
            rd_kafka_destroy(handle)
            box.release()
            throw KafkaError(code: .other, message: "The Kafka \(kind) has no event queue.")
        }
        self.handle = handle
        self.queue = queue
        self.logBox = box
        self.clients = clients
        clients?.add(self, username: properties["sasl.username"] ?? properties["sasl.user"])
    }

    private static func apply(_ properties: [String: String], to configuration: OpaquePointer?) throws(KafkaError) {
        for (key, value) in properties.sorted(by: { $0.key < $1.key }) {
            guard !key.utf8.contains(0), !value.utf8.contains(0) else {
                throw .configuration("The Kafka property '\(key)' contains a zero byte.")
            }
            let (outcome, text) = withErrorText { rd_kafka_conf_set(configuration, key, value, $0, $1) }
            switch outcome {
            case RD_KAFKA_CONF_OK: continue
            case RD_KAFKA_CONF_INVALID where KafkaConfiguration.isSecret(key):
                // The library's text repeats the value.
                throw .configuration("The value of the Kafka property '\(key)' is not allowed.")
            default: throw .configuration("The Kafka property '\(key)' was refused: \(text)")
            }
        }
    }

    /// What the next connection authenticates with. May be called on any thread while the client is registered.
    func setCredentials(username: String, password: String) {
        guard let error = rd_kafka_sasl_set_credentials(self.handle, username, password) else { return }
        rd_kafka_error_destroy(error)
    }

    /// Makes a poll that waits return at once; if none waits, the next one does.
    func wake() {
        rd_kafka_queue_yield(self.queue)
    }

    /// The fatal error that was raised, if any.
    func fatalError() -> KafkaError? {
        let (code, text) = withErrorText { rd_kafka_fatal_error(self.handle, $0, $1) }
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return NativeLibrary.error(code, what: "Kafka refused to go on", detail: text, isFatal: true)
    }

    /// Raises a fatal error as the broker would, to try what follows from it.
    func raiseFatalError(_ reason: String) {
        _ = rd_kafka_test_fatal_error(self.handle, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, reason)
    }

    /// Frees everything. Blocks until librdkafka's threads have ended, then lets go of the log box, the only Swift
    /// object C knew of.
    func destroy(withoutConsumerClose: Bool = false) {
        self.clients?.remove(self)
        rd_kafka_queue_destroy(self.queue)
        rd_kafka_destroy_flags(self.handle, withoutConsumerClose ? Int32(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE) : 0)
        self.logBox.release()
    }
}

/// What the log callback reaches through its opaque pointer.
final class NativeLogBox: Sendable {
    let logger: Logger

    init(_ logger: Logger) {
        self.logger = logger
    }
}

/// librdkafka's log callback; called on any of its threads.
private func forwardLog(
    handle: OpaquePointer?,
    level: Int32,
    facility: UnsafePointer<CChar>?,
    text: UnsafePointer<CChar>?
) {
    guard let handle, let opaque = rd_kafka_opaque(handle) else { return }
    let logger = Unmanaged<NativeLogBox>.fromOpaque(opaque).takeUnretainedValue().logger
    let source = facility.map { String(cString: $0) } ?? ""
    let message = text.map { String(cString: $0) } ?? ""
    logger.log(
        level: logLevel(syslog: level, facility: source, message: message),
        "librdkafka",
        metadata: ["kafka.facility": .string(source), "kafka.message": .string(message)]
    )
}

/// The level for a syslog severity. Two kinds of warning are expected and go to debug: that a property shared by
/// consumer and producer does not apply to one of them, and that an idle connection was closed.
func logLevel(syslog: Int32, facility: String, message: String) -> Logger.Level {
    if facility == "CONFWARN", message.contains("will be ignored by this") { return .debug }
    return switch syslog {
    case ...2: .critical
    case 3: .error
    case 4: .warning
    case 5: .notice
    case 6: .info
    default: .debug
    }
}
