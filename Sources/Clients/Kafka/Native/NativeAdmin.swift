internal import CRDKafka

/// The raw calls that create topics. They block; to be called on a thread of their own.
enum NativeAdmin {
    /// Creates a topic.
    ///
    /// - Returns: whether it is new; `false` when another client created it first.
    static func create(_ topic: KafkaTopic, client: NativeClient, milliseconds: Int32) -> Result<Bool, KafkaError> {
        let what = "The topic '\(topic.name)' could not be created"
        let (request, text) = withErrorText {
            rd_kafka_NewTopic_new(topic.name, topic.partitions, topic.replication, $0, $1)
        }
        guard let request else { return .failure(KafkaError(code: .topic, message: "\(what): \(text)")) }
        defer { rd_kafka_NewTopic_destroy(request) }
        for (key, value) in topic.settings {
            let code = rd_kafka_NewTopic_set_config(request, key, value)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { return .failure(NativeLibrary.error(code, what: what)) }
        }
        guard let options = rd_kafka_AdminOptions_new(client.handle, RD_KAFKA_ADMIN_OP_CREATETOPICS),
            let queue = rd_kafka_queue_new(client.handle)
        else { return .failure(KafkaError(code: .other, message: what)) }
        defer {
            rd_kafka_AdminOptions_destroy(options)
            rd_kafka_queue_destroy(queue)
        }
        _ = withErrorText { rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, $0, $1) }
        var requests: [OpaquePointer?] = [request]
        rd_kafka_CreateTopics(client.handle, &requests, requests.count, options, queue)
        // The request has its own time-out; ours only guards against none coming back.
        guard let event = rd_kafka_queue_poll(queue, milliseconds + 2000) else { return .failure(.timedOut(what)) }
        defer { rd_kafka_event_destroy(event) }
        let whole = rd_kafka_event_error(event)
        guard whole == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let detail = rd_kafka_event_error_string(event).map { String(cString: $0) }
            return .failure(client.error(whole, what: what, detail: detail, topic: topic.name, operation: .create))
        }
        var count = 0
        guard let result = rd_kafka_event_CreateTopics_result(event),
            let topics = rd_kafka_CreateTopics_result_topics(result, &count), count > 0
        else { return .failure(KafkaError(code: .other, message: what)) }
        let code = rd_kafka_topic_result_error(topics[0])
        switch code {
        case RD_KAFKA_RESP_ERR_NO_ERROR: return .success(true)
        case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS: return .success(false)
        default:
            let detail = rd_kafka_topic_result_error_string(topics[0]).map { String(cString: $0) }
            return .failure(client.error(code, what: what, detail: detail, topic: topic.name, operation: .create))
        }
    }

    /// Deletes topics.
    ///
    /// - Returns: why those that are still there could not be deleted.
    static func delete(_ names: [String], client: NativeClient, milliseconds: Int32) -> [String: KafkaError] {
        let what = "The topics could not be deleted"
        func all(_ error: KafkaError) -> [String: KafkaError] { Dictionary(names.map { ($0, error) }) { $1 } }
        guard let options = rd_kafka_AdminOptions_new(client.handle, RD_KAFKA_ADMIN_OP_DELETETOPICS),
            let queue = rd_kafka_queue_new(client.handle)
        else { return all(KafkaError(code: .other, message: what)) }
        defer {
            rd_kafka_AdminOptions_destroy(options)
            rd_kafka_queue_destroy(queue)
        }
        _ = withErrorText { rd_kafka_AdminOptions_set_request_timeout(options, milliseconds, $0, $1) }
        var requests: [OpaquePointer?] = names.map { rd_kafka_DeleteTopic_new($0) }
        defer { for request in requests { rd_kafka_DeleteTopic_destroy(request) } }
        rd_kafka_DeleteTopics(client.handle, &requests, requests.count, options, queue)
        guard let event = rd_kafka_queue_poll(queue, milliseconds + 2000) else { return all(.timedOut(what)) }
        defer { rd_kafka_event_destroy(event) }
        let whole = rd_kafka_event_error(event)
        guard whole == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let detail = rd_kafka_event_error_string(event).map { String(cString: $0) }
            return all(client.error(whole, what: what, detail: detail))
        }
        var count = 0
        var failures: [String: KafkaError] = [:]
        guard let result = rd_kafka_event_DeleteTopics_result(event),
            let topics = rd_kafka_DeleteTopics_result_topics(result, &count)
        else { return all(KafkaError(code: .other, message: what)) }
        for topic in UnsafeBufferPointer(start: topics, count: count) {
            let code = rd_kafka_topic_result_error(topic)
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR, code != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
                let name = rd_kafka_topic_result_name(topic).map({ String(cString: $0) })
            else { continue }
            failures[name] = client.error(code, what: "The topic '\(name)' could not be deleted", topic: name)
        }
        return failures
    }

    /// Serves the client's queue for a while.
    static func wait(_ client: NativeClient, milliseconds: Int32) {
        guard let event = rd_kafka_queue_poll(client.queue, milliseconds) else { return }
        rd_kafka_event_destroy(event)
    }
}
