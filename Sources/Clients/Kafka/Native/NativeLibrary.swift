internal import CRDKafka

/// The library itself: versions, and error codes as `KafkaError`.
enum NativeLibrary {
    /// The version that runs, in the header's format 0xMMmmrrff.
    static var versionNumber: Int32 { rd_kafka_version() }

    static var version: String { String(cString: rd_kafka_version_str()) }

    /// What the library was built with, such as `lz4` and `sasl_scram`.
    static var features: Set<String> {
        let configuration = rd_kafka_conf_new()
        defer { rd_kafka_conf_destroy(configuration) }
        let (_, text) = withErrorText { buffer, capacity in
            var size = capacity
            return rd_kafka_conf_get(configuration, "builtin.features", buffer, &size)
        }
        return Set(text.split(separator: ",").map(String.init))
    }

    /// Whether there is a property of this name.
    static func isProperty(_ name: String) -> Bool {
        let configuration = rd_kafka_conf_new()
        defer { rd_kafka_conf_destroy(configuration) }
        // Asking for a value that is not set is answered like asking for an unknown property.
        let (outcome, _) = withErrorText { rd_kafka_conf_set(configuration, name, "", $0, $1) }
        return outcome != RD_KAFKA_CONF_UNKNOWN
    }

    /// Why a property cannot be set to a value; nil when it can.
    static func problem(of name: String, value: String) -> String? {
        guard !name.utf8.contains(0), !value.utf8.contains(0) else { return "contains a zero byte" }
        let configuration = rd_kafka_conf_new()
        defer { rd_kafka_conf_destroy(configuration) }
        let (outcome, text) = withErrorText { rd_kafka_conf_set(configuration, name, value, $0, $1) }
        return switch outcome {
        case RD_KAFKA_CONF_OK: nil
        case RD_KAFKA_CONF_UNKNOWN: "is neither a setting nor a property of librdkafka"
        // The library's text repeats the value.
        default: KafkaConfiguration.isSecret(name) ? "its value is not allowed" : text
        }
    }

    /// The error for a response code.
    ///
    /// - Parameters:
    ///   - detail: the library's own text, where it gave a better one than the code's.
    ///   - what: what was tried, put before it.
    static func error(
        _ code: rd_kafka_resp_err_t,
        what: String,
        detail: String? = nil,
        isFatal: Bool = false
    ) -> KafkaError {
        let text = detail.flatMap { $0.isEmpty ? nil : $0 } ?? String(cString: rd_kafka_err2str(code))
        let kind = self.kind(code)
        return KafkaError(
            // What the access rules refuse can be mended, also where the library will not go on.
            code: isFatal && kind != .authorization ? .fatal : kind,
            rdKafkaCode: code.rawValue,
            message: "\(what): \(text)",
            isRetriable: !isFatal && self.isRetriable(code, kind),
            isFatal: isFatal || kind == .fatal
        )
    }

    private static func isRetriable(_ code: rd_kafka_resp_err_t, _ kind: KafkaError.Code) -> Bool {
        switch kind {
        case .transport, .timedOut, .queueFull: true
        case .other:
            code == RD_KAFKA_RESP_ERR_NOT_COORDINATOR || code == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS
                || code == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE
                || code == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS || code == RD_KAFKA_RESP_ERR__WAIT_COORD
                || code == RD_KAFKA_RESP_ERR__IN_PROGRESS || code == RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS
        default: false
        }
    }

    private static func kind(_ code: rd_kafka_resp_err_t) -> KafkaError.Code {
        switch code {
        case RD_KAFKA_RESP_ERR__INVALID_ARG, RD_KAFKA_RESP_ERR_INVALID_CONFIG, RD_KAFKA_RESP_ERR__CONFLICT:
            .configuration
        case RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__RESOLVE,
            RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
            RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
            .transport
        case RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE,
            RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
            .timedOut
        case RD_KAFKA_RESP_ERR__FATAL, RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID: .fatal
        case RD_KAFKA_RESP_ERR__DESTROY, RD_KAFKA_RESP_ERR__PURGE_QUEUE, RD_KAFKA_RESP_ERR__PURGE_INFLIGHT: .closed
        case RD_KAFKA_RESP_ERR__QUEUE_FULL: .queueFull
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE: .messageTooLarge
        case RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR__SSL,
            RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
            .authentication
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED,
            RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
            .authorization
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
            RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
            .topic
        default: .other
        }
    }
}

/// Calls C with a text buffer and gives back what C wrote into it.
func withErrorText<Value>(_ body: (UnsafeMutablePointer<CChar>, Int) -> Value) -> (Value, String) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
        buffer.initialize(repeating: 0)
        guard let start = buffer.baseAddress else { preconditionFailure("A buffer of 512 bytes has an address.") }
        let value = body(start, buffer.count)
        return (value, String(cString: start))
    }
}
