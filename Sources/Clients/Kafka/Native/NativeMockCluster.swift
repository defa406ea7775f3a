internal import CRDKafka

/// The raw calls of librdkafka's mock cluster, on a handle of its own.
///
/// `@unchecked Sendable`: the cluster runs on librdkafka's own thread and takes commands from any; destroying is guarded
/// by its only owner, `EmbeddedBroker`.
final class NativeMockCluster: @unchecked Sendable {
    private let handle: OpaquePointer
    private let cluster: OpaquePointer
    private let brokers: Int

    init(brokers: Int) throws(KafkaError) {
        let configuration = rd_kafka_conf_new()
        // Silent: it is our own broker, not another program's.
        rd_kafka_conf_set_log_cb(configuration, nil)
        let (created, text) = withErrorText { rd_kafka_new(RD_KAFKA_PRODUCER, configuration, $0, $1) }
        guard let handle = created else {
            rd_kafka_conf_destroy(configuration)
            throw KafkaError(code: .other, message: "The embedded Kafka broker could not be made: \(text)")
        }
        let count = min(max(1, brokers), 9)
        guard let cluster = rd_kafka_mock_cluster_new(handle, Int32(count)) else {
            rd_kafka_destroy(handle)
            throw KafkaError(code: .other, message: "The embedded Kafka broker could not be started.")
        }
        self.handle = handle
        self.cluster = cluster
        self.brokers = count
    }

    var bootstrapServers: String { String(cString: rd_kafka_mock_cluster_bootstraps(self.cluster)) }

    func createTopic(_ name: String, partitions: Int32) -> KafkaError? {
        let code = rd_kafka_mock_topic_create(self.cluster, name, partitions, Int32(self.brokers))
        switch code {
        case RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS: return nil
        default: return NativeLibrary.error(code, what: "The topic '\(name)' could not be created")
        }
    }

    func setReachable(_ isReachable: Bool) {
        for broker in 1...Int32(self.brokers) {
            _ =
                isReachable
                ? rd_kafka_mock_broker_set_up(self.cluster, broker)
                : rd_kafka_mock_broker_set_down(self.cluster, broker)
        }
    }

    /// The answers to the next requests of a kind, to any broker.
    func answer(_ apiKey: Int16, with codes: [Int32]) {
        let errors = codes.map { rd_kafka_resp_err_t(rawValue: $0) }
        rd_kafka_mock_push_request_errors_array(self.cluster, apiKey, errors.count, errors)
    }

    /// The answer to the next request of a kind at each broker, which comes later.
    func answer(_ apiKey: Int16, with code: Int32, afterMilliseconds delay: Int32) {
        for broker in 1...Int32(self.brokers) {
            let error = rd_kafka_resp_err_t(rawValue: code)
            _ = CRDKafka_mock_push_request_error(self.cluster, broker, apiKey, error, delay)
        }
    }

    /// Forgets what is left of the answers for any broker.
    func answerNormally(_ apiKey: Int16) {
        rd_kafka_mock_clear_request_errors(self.cluster, apiKey)
    }

    func setRoundTrip(milliseconds: Int32) {
        for broker in 1...Int32(self.brokers) { _ = rd_kafka_mock_broker_set_rtt(self.cluster, broker, milliseconds) }
    }

    func destroy() {
        rd_kafka_mock_cluster_destroy(self.cluster)
        rd_kafka_destroy(self.handle)
    }
}
