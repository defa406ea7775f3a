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
            let what = "The topic '\(topic)' could not be looked up"
            return .failure(client.error(code, what: what, topic: topic, operation: .describe))
        }
        defer { rd_kafka_metadata_destroy(metadata) }
        guard metadata.pointee.topic_cnt > 0, let found = metadata.pointee.topics?.pointee else { return .success(nil) }
        switch found.err {
        case RD_KAFKA_RESP_ERR_NO_ERROR:
            client.worked(KafkaRight(.describe, .topic(topic)))
            return .success(Int(found.partition_cnt))
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC: return .success(nil)
        default:
            let what = "The topic '\(topic)' can't be used"
            return .failure(client.error(found.err, what: what, topic: topic, operation: .describe))
        }
    }

    /// The first and the next offset of a partition, asked of its leader. The next one is where the first transaction
    /// that is open begins, unless the client reads uncommitted records. Blocks for at most the time-out.
    static func watermarks(
        _ partition: KafkaPartition,
        client: NativeClient,
        milliseconds: Int32
    ) -> Result<ClosedRange<Int64>, KafkaError> {
        var low: Int64 = 0
        var high: Int64 = 0
        let code = rd_kafka_query_watermark_offsets(
            client.handle,
            partition.topic,
            partition.partition,
            &low,
            &high,
            milliseconds
        )
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR, low <= high else {
            let what = "The offsets of \(partition) could not be read"
            return .failure(client.error(code, what: what, topic: partition.topic, operation: .describe))
        }
        return .success(low...high)
    }
}
