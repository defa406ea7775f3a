internal import CRDKafka
import Logging

/// One librdkafka handle with the queue its thread polls. Not to be used after `destroy`.
///
/// `@unchecked Sendable`: it holds C pointers to objects that librdkafka locks itself. All calls but `wake` are made by
/// the client's own thread, which also destroys it; `wake` is only called under the lock that guards "not yet
/// destroyed".
final class NativeClient: @unchecked Sendable {
    enum Kind {
        /// A member of a group.
        case consumer
        /// Reads partitions that it was given, without a group.
        case reader
        case producer
        /// Asks and creates topics; a consumer to the library, but without a group.
        case admin
    }

    let handle: OpaquePointer
    /// Events (messages, rebalances, delivery reports, errors) arrive here.
    let queue: OpaquePointer
    /// Where it is registered until it is destroyed, and reports what it meets.
    let clients: KafkaClients
    let identity: ClientIdentity
    let kind: Kind
    let logger: Logger
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
        let clients = clients ?? KafkaClients()
        // Failed connections also arrive as events, where events are asked for.
        let box = Unmanaged.passRetained(NativeLogBox(logger, clients: clients, hasEvents: events != 0))
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
        self.identity = ClientIdentity(properties)
        self.kind = kind
        self.logger = logger
        clients.add(self)
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
        return self.error(code, what: "Kafka refused to go on", detail: text, isFatal: true)
    }

    /// The error for a response code, with the right that is missing where the brokers refuse one.
    ///
    /// - Parameter operation: what was tried on the topic; by default what the client is there for.
    func error(
        _ code: rd_kafka_resp_err_t,
        what: String,
        detail: String? = nil,
        topic: String? = nil,
        operation: KafkaRight.Operation? = nil,
        isFatal: Bool = false
    ) -> KafkaError {
        var error = NativeLibrary.error(code, what: what, detail: detail, isFatal: isFatal)
        guard error.code == .authorization, let right = self.right(code, topic: topic, operation) else { return error }
        error.missingRight = right
        error.message = error.message.hasSuffix(".") ? error.message : error.message + "."
        error.message += " \(self.identity.sentence(right))"
        return error
    }

    private func right(
        _ code: rd_kafka_resp_err_t,
        topic: String?,
        _ operation: KafkaRight.Operation?
    ) -> KafkaRight? {
        switch code {
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
            let usual: KafkaRight.Operation =
                switch self.kind {
                case .consumer, .reader: .read
                case .producer: .write
                case .admin: .describe
                }
            return topic.map { KafkaRight(operation ?? usual, .topic($0)) }
        case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
            return self.identity.group.map { KafkaRight(.read, .group($0)) }
        case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
            return self.identity.transactionalID.map { KafkaRight(.write, .transactionalID($0)) }
        case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
            return KafkaRight(self.kind == .admin ? .create : .idempotentWrite, .cluster)
        default: return nil
        }
    }

    /// Counts and logs what the client has met.
    func report(_ error: KafkaError, topic: String? = nil) {
        self.clients.report(error, topic: topic, logger: self.logger)
    }

    /// Something has worked that needs these rights.
    func worked(_ rights: KafkaRight...) {
        self.clients.worked(rights, logger: self.logger)
    }

    /// Raises a fatal error as the broker would, to try what follows from it.
    func raiseFatalError(_ reason: String) {
        _ = rd_kafka_test_fatal_error(self.handle, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, reason)
    }

    /// Frees everything. Blocks until librdkafka's threads have ended, then lets go of the log box, the only Swift
    /// object C knew of.
    func destroy(withoutConsumerClose: Bool = false) {
        self.clients.remove(self)
        rd_kafka_queue_destroy(self.queue)
        rd_kafka_destroy_flags(self.handle, withoutConsumerClose ? Int32(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE) : 0)
        self.logBox.release()
    }
}

/// What the log callback reaches through its opaque pointer.
final class NativeLogBox: Sendable {
    private let logger: Logger
    private let clients: KafkaClients
    private let hasEvents: Bool

    init(_ logger: Logger, clients: KafkaClients, hasEvents: Bool) {
        self.logger = logger
        self.clients = clients
        self.hasEvents = hasEvents
    }

    func log(syslog: Int32, facility: String, message: String) {
        let level = logLevel(syslog: syslog, facility: facility, message: message, hasEvents: self.hasEvents)
        guard level < .warning else {
            return self.clients.report(line: message, facility: facility, logger: self.logger)
        }
        self.logger.log(
            level: level,
            "librdkafka",
            metadata: ["kafka.facility": .string(facility), "kafka.message": .string(message)]
        )
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
    let box = Unmanaged<NativeLogBox>.fromOpaque(opaque).takeUnretainedValue()
    box.log(
        syslog: level,
        facility: facility.map { String(cString: $0) } ?? "",
        message: text.map { String(cString: $0) } ?? ""
    )
}

/// The level for a syslog severity. What is expected, or said by ourselves, goes to debug: that a property shared by
/// consumer and producer does not apply to one of them, connections that failed and fatal errors where they are events too,
/// that reading goes on elsewhere than where it stood, and that a producer which is given up has messages.
func logLevel(syslog: Int32, facility: String, message: String, hasEvents: Bool = false) -> Logger.Level {
    switch facility {
    case "CONFWARN" where message.contains("will be ignored by this"), "OFFSET": return .debug
    case "TERMINATE": return .debug
    case "FAIL" where hasEvents, "ERROR" where hasEvents, "FATAL" where hasEvents: return .debug
    default: break
    }
    return switch syslog {
    case ...2: .critical
    case 3: .error
    case 4: .warning
    case 5: .notice
    case 6: .info
    default: .debug
    }
}
