internal import CRDKafka
import Logging

/// What became of one message.
struct DeliveryReport: Sendable {
    var ticket: UInt
    var topic: String
    var outcome: Result<KafkaDelivery, KafkaError>
}

/// What a producer's queue delivered.
enum ProducerEvent: Sendable {
    case delivered([DeliveryReport])
    /// A condition to log; a fatal one ends this handle.
    case trouble(KafkaError)
    case ignored
}

/// The raw calls of a producer. Everything but `wake` runs on the producer's own thread.
final class NativeProducer: Sendable {
    enum Produced {
        case accepted
        /// Back-pressure: try again after deliveries.
        case queueFull
        case refused(KafkaError)
    }

    let client: NativeClient

    init(properties: [String: String], clients: KafkaClients?, logger: Logger) throws(KafkaError) {
        self.client = try NativeClient(
            kind: .producer,
            properties: properties,
            events: Int32(RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR),
            clients: clients,
            logger: logger
        )
    }

    /// Puts a copy of the message into librdkafka's queue.
    ///
    /// - Parameter ticket: comes back with the delivery report. A number rather than a pointer, so that a purge or a
    ///   time-out can't leave anything dangling.
    func produce(_ message: KafkaMessage, ticket: UInt) -> Produced {
        var headers: OpaquePointer?
        if !message.headers.isEmpty {
            headers = rd_kafka_headers_new(message.headers.count)
            for header in message.headers {
                let code = NativeProducer.add(header, to: headers)
                guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                    rd_kafka_headers_destroy(headers)
                    return .refused(NativeLibrary.error(code, what: "A Kafka header was refused"))
                }
            }
        }
        let (code, text) = withErrorText { buffer, size in
            NativeProducer.withBytes(message.key) { key, keySize in
                NativeProducer.withBytes(message.value) { value, valueSize in
                    CRDKafka_produce(
                        self.client.handle,
                        message.topic,
                        message.partition ?? -1,
                        key,
                        keySize,
                        value,
                        valueSize,
                        message.timestampMilliseconds ?? 0,
                        headers,
                        ticket,
                        buffer,
                        size
                    )
                }
            }
        }
        switch code {
        case RD_KAFKA_RESP_ERR_NO_ERROR: return .accepted
        case RD_KAFKA_RESP_ERR__QUEUE_FULL: return .queueFull
        default:
            let what = "The message for '\(message.topic)' was not accepted"
            if let fatal = self.client.fatalError() { return .refused(fatal) }
            return .refused(self.client.error(code, what: what, detail: text, topic: message.topic))
        }
    }

    /// Waits for the next event; `nil` when the time has run out or the client was woken.
    func poll(milliseconds: Int32) -> ProducerEvent? {
        guard let event = rd_kafka_queue_poll(self.client.queue, milliseconds) else { return nil }
        defer { rd_kafka_event_destroy(event) }
        switch rd_kafka_event_type(event) {
        case RD_KAFKA_EVENT_DR:
            var reports: [DeliveryReport] = []
            while let message = rd_kafka_event_message_next(event) { reports.append(self.report(of: message)) }
            return .delivered(reports)
        case RD_KAFKA_EVENT_ERROR:
            if let fatal = self.client.fatalError() { return .trouble(fatal) }
            let detail = rd_kafka_event_error_string(event).map { String(cString: $0) }
            return .trouble(self.client.error(rd_kafka_event_error(event), what: "Kafka", detail: detail))
        default: return .ignored
        }
    }

    private func report(of message: UnsafePointer<rd_kafka_message_t>) -> DeliveryReport {
        let topic = message.pointee.rkt.map { String(cString: rd_kafka_topic_name($0)) } ?? ""
        let outcome = self.delivery(message, topic: topic)
        return DeliveryReport(ticket: CRDKafka_message_opaque(message), topic: topic, outcome: outcome)
    }

    private func delivery(
        _ message: UnsafePointer<rd_kafka_message_t>,
        topic: String
    ) -> Result<KafkaDelivery, KafkaError> {
        let raw = message.pointee
        guard raw.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
            if let fatal = self.client.fatalError() { return .failure(fatal) }
            let stored =
                switch rd_kafka_message_status(message) {
                case RD_KAFKA_MSG_STATUS_NOT_PERSISTED: "was not stored"
                case RD_KAFKA_MSG_STATUS_PERSISTED: "was stored"
                default: "may have been stored"
                }
            let what = "The message for '\(topic)' \(stored)"
            return .failure(self.client.error(raw.err, what: what, topic: topic))
        }
        return .success(KafkaDelivery(topic: topic, partition: raw.partition, offset: raw.offset))
    }

    /// Reports failed deliveries, and what has worked.
    ///
    /// - Returns: a topic that has taken a message.
    func record(_ reports: [DeliveryReport]) -> String? {
        var taken: String?
        for report in reports {
            switch report.outcome {
            case .success(let delivery): taken = delivery.topic
            // A fatal one is reported with the producer it ends.
            case .failure(let error): if !error.isFatal { self.client.report(error, topic: report.topic) }
            }
        }
        if let taken {
            self.client.worked(KafkaRight(.write, .topic(taken)), KafkaRight(.idempotentWrite, .cluster))
        }
        return taken
    }

    /// Gives up everything that was accepted; its delivery reports say so.
    func purge() {
        rd_kafka_purge(self.client.handle, Int32(RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT))
    }

    private static func add(_ header: KafkaHeader, to headers: OpaquePointer?) -> rd_kafka_resp_err_t {
        var key = header.key
        return key.withUTF8 { name in
            guard let start = name.baseAddress, !name.isEmpty else { return RD_KAFKA_RESP_ERR__INVALID_ARG }
            return start.withMemoryRebound(to: CChar.self, capacity: name.count) { start in
                self.withBytes(header.value) {
                    rd_kafka_header_add(headers, start, name.count, $0, $1)
                }
            }
        }
    }

    /// A null pointer for `nil` only: an empty array is an empty value, not a tombstone.
    private static func withBytes<Value>(
        _ bytes: [UInt8]?,
        _ body: (UnsafeRawPointer?, Int) -> Value
    ) -> Value {
        guard let bytes else { return body(nil, 0) }
        if bytes.isEmpty { return withUnsafeBytes(of: UInt8(0)) { body($0.baseAddress, 0) } }
        return bytes.withUnsafeBytes { body($0.baseAddress, $0.count) }
    }
}
