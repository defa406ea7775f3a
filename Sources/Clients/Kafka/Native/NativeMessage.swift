internal import CRDKafka

/// Copies librdkafka's messages into Swift values.
enum NativeMessage {
    /// Headers of a record; one with more counts as oversize.
    static let maximumHeaders = 1024

    /// What is kept of the value of an oversize record.
    static let keptBytes = 65_536

    /// The record, with no more than the beginning of its value when the whole is larger than `maximumBytes`.
    ///
    /// Key and headers of an oversize record are kept while they fit the cap themselves: a dead letter needs them.
    static func record(_ message: UnsafePointer<rd_kafka_message_t>, maximumBytes: Int) -> KafkaRecord {
        let raw = message.pointee
        var timestampType = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let timestamp = rd_kafka_message_timestamp(message, &timestampType)
        let keySize = raw.key == nil ? 0 : raw.key_len
        let valueSize = raw.payload == nil ? 0 : raw.len
        let headers = self.headers(message, maximumBytes: maximumBytes)
        let total = keySize &+ valueSize &+ headers.bytes
        let fits = total <= maximumBytes && headers.count <= self.maximumHeaders
        return KafkaRecord(
            topic: raw.rkt.map { String(cString: rd_kafka_topic_name($0)) } ?? "",
            partition: raw.partition,
            offset: raw.offset,
            timestampMilliseconds: timestampType == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? nil : timestamp,
            key: keySize <= maximumBytes ? self.bytes(raw.key, raw.key_len) : nil,
            value: self.bytes(raw.payload, fits ? raw.len : min(raw.len, maximumBytes, self.keptBytes)),
            headers: headers.kept,
            oversize: fits ? nil : total,
            leaderEpoch: CRDKafka_message_leader_epoch(message)
        )
    }

    /// The headers, their number and size in bytes; none are kept once they alone exceed a cap.
    private static func headers(
        _ message: UnsafePointer<rd_kafka_message_t>,
        maximumBytes: Int
    ) -> (kept: [KafkaHeader], count: Int, bytes: Int) {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else {
            return ([], 0, 0)
        }
        var kept: [KafkaHeader] = []
        var bytes = 0
        var index = 0
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var size = 0
        while rd_kafka_header_get_all(list, index, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR {
            index += 1
            let key = name.map { String(cString: $0) } ?? ""
            bytes = bytes &+ key.utf8.count &+ (value == nil ? 0 : size)
            guard bytes <= maximumBytes, index <= self.maximumHeaders else { continue }
            kept.append(KafkaHeader(key: key, value: self.bytes(value, size)))
        }
        return bytes <= maximumBytes && index <= self.maximumHeaders ? (kept, index, bytes) : ([], index, bytes)
    }

    private static func bytes(_ start: UnsafeRawPointer?, _ count: Int) -> [UInt8]? {
        guard let start else { return nil }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    private static func bytes(_ start: UnsafeMutableRawPointer?, _ count: Int) -> [UInt8]? {
        self.bytes(UnsafeRawPointer(start), count)
    }
}
