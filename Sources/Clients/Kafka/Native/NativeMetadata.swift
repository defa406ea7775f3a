internal import CRDKafka

/// Blocking look-ups in the cluster's metadata.
enum NativeMetadata {
    /// How many partitions a topic has.
    ///
    /// - Returns: `nil` inside a success when the topic does not exist.
    static func partitionCount(
        of topic: String,
        client: NativeClient,
        milliseconds: Int32
    ) -> Result<Int?, KafkaError> {
        guard let reference = rd_kafka_topic_new(client.handle, topic, nil) else {
            return .failure(NativeLibrary.error(rd_kafka_last_error(), what: "The topic '\(topic)' can't be used"))
        }
        defer { rd_kafka_topic_destroy(reference) }
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let code = rd_kafka_metadata(client.handle, 0, reference, &metadata, milliseconds)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else {
            return .failure(NativeLibrary.error(code, what: "The topic '\(topic)' could not be looked up"))
        }
        defer { rd_kafka_metadata_destroy(metadata) }
        guard metadata.pointee.topic_cnt > 0, let found = metadata.pointee.topics?.pointee else { return .success(nil) }
        switch found.err {
        case RD_KAFKA_RESP_ERR_NO_ERROR: return .success(Int(found.partition_cnt))
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC: return .success(nil)
        default: return .failure(NativeLibrary.error(found.err, what: "The topic '\(topic)' can't be used"))
        }
    }
}
