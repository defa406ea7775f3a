internal import CRDKafka
import Logging
import Synchronization

/// What a consumer's queue delivered.
enum ConsumerEvent: Sendable {
    case record(KafkaRecord)
    /// Everything before this offset was handed out, and there is nothing after it yet.
    case reachedEnd(KafkaPartition, offset: Int64)
    /// What begins at this offset can't be decompressed or parsed.
    case unreadable(KafkaPartition, offset: Int64, KafkaError)
    case assigned([KafkaPartition])
    /// `isLost`: the partitions may belong to another member already, so nothing may be committed for them.
    case revoked([KafkaPartition], isLost: Bool)
    /// The answer to `commit(ticket:)`; ticket 0 is the background commit.
    case committed(ticket: UInt, KafkaError?)
    case statistics([UInt8])
    /// A condition to log; only a fatal one ends the consumer.
    case trouble(KafkaError, topic: String?)
    case ignored

    /// The partition whose fetch ended this way, without a record.
    var fetched: KafkaPartition? {
        switch self {
        case .reachedEnd(let partition, _), .unreadable(let partition, _, _): partition
        default: nil
        }
    }
}

/// The raw calls of a consumer. Everything but `wake` runs on the consumer's own thread.
///
/// Events are polled rather than called back: a rebalance arrives as a value, so that work in flight can finish between
/// the revocation and the call that gives the partitions up, with the thread free all the while.
final class NativeConsumer: Sendable {
    private static let events = Int32(
        RD_KAFKA_EVENT_FETCH | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_OFFSET_COMMIT
            | RD_KAFKA_EVENT_STATS
    )

    let client: NativeClient
    private let maximumRecordBytes: Int
    /// The topic that errors without a partition are about, where there is only one.
    private let onlyTopic: String?
    /// What a reader reads; see `NativeConsumer+Reading`.
    let reading = Mutex<OpenReading?>(nil)
    /// Asked of the configuration once: asking librdkafka during a close may hang (its issue 4041).
    private let isCooperative: Bool

    /// - Parameter topics: what will be subscribed to, or read.
    init(
        kind: NativeClient.Kind,
        properties: [String: String],
        topics: [String],
        maximumRecordBytes: Int,
        clients: KafkaClients?,
        logger: Logger
    ) throws(KafkaError) {
        self.onlyTopic = topics.count == 1 ? topics.first.flatMap { $0.hasPrefix("^") ? nil : $0 } : nil
        self.isCooperative =
            properties["partition.assignment.strategy"]?.contains("cooperative") ?? false
            || properties["group.protocol"] == "consumer"
        self.maximumRecordBytes = maximumRecordBytes
        self.client = try NativeClient(
            kind: kind,
            properties: properties,
            events: NativeConsumer.events,
            clients: clients,
            logger: logger
        )
    }

    func subscribe(_ topics: [String]) throws(KafkaError) {
        let code = PartitionList.with(topics.map { KafkaPartition(topic: $0, partition: -1) }) {
            rd_kafka_subscribe(self.client.handle, $0)
        }
        guard let code, code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw NativeLibrary.error(code ?? RD_KAFKA_RESP_ERR__FAIL, what: "The topics could not be subscribed to")
        }
    }

    /// Waits for the next event; `nil` when the time has run out or the client was woken.
    func poll(milliseconds: Int32) -> ConsumerEvent? {
        guard let event = rd_kafka_queue_poll(self.client.queue, milliseconds) else { return nil }
        defer { rd_kafka_event_destroy(event) }
        switch rd_kafka_event_type(event) {
        case RD_KAFKA_EVENT_FETCH: return self.fetched(event)
        case RD_KAFKA_EVENT_REBALANCE: return self.rebalance(event)
        case RD_KAFKA_EVENT_OFFSET_COMMIT: return self.committed(event)
        case RD_KAFKA_EVENT_STATS:
            guard let text = rd_kafka_event_stats(event) else { return .ignored }
            return .statistics(Array(String(cString: text).utf8))
        case RD_KAFKA_EVENT_ERROR where rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__PARTITION_EOF:
            return self.reachedEnd(event)
        case RD_KAFKA_EVENT_ERROR:
            return self.unreadable(event) ?? self.trouble(event)
        default: return .ignored
        }
    }

    /// A codec that fails or is not known, a checksum or a length that is wrong. Not what memory is missing for.
    private static let unreadable = [
        RD_KAFKA_RESP_ERR__BAD_COMPRESSION, RD_KAFKA_RESP_ERR__BAD_MSG, RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED,
        RD_KAFKA_RESP_ERR__UNDERFLOW, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE,
    ]

    private func unreadable(_ event: OpaquePointer) -> ConsumerEvent? {
        let code = rd_kafka_event_error(event)
        guard NativeConsumer.unreadable.contains(code), let entry = rd_kafka_event_topic_partition(event) else {
            return nil
        }
        defer { rd_kafka_topic_partition_destroy(entry) }
        guard let topic = entry.pointee.topic.map({ String(cString: $0) }), entry.pointee.offset >= 0 else {
            return nil
        }
        let partition = KafkaPartition(topic: topic, partition: entry.pointee.partition)
        let detail = rd_kafka_event_error_string(event).map { String(cString: $0) }
        let error = NativeLibrary.error(code, what: "\(partition) can't be read", detail: detail)
        return .unreadable(partition, offset: entry.pointee.offset, error)
    }

    private func trouble(_ event: OpaquePointer) -> ConsumerEvent {
        if let fatal = self.client.fatalError() { return .trouble(fatal, topic: nil) }
        var topic = self.onlyTopic
        if let entry = rd_kafka_event_topic_partition(event) {
            topic = entry.pointee.topic.map { String(cString: $0) } ?? topic
            rd_kafka_topic_partition_destroy(entry)
        }
        let detail = rd_kafka_event_error_string(event).map { String(cString: $0) }
        let error = self.client.error(rd_kafka_event_error(event), what: "Kafka", detail: detail, topic: topic)
        return .trouble(error, topic: topic)
    }

    private func fetched(_ event: OpaquePointer) -> ConsumerEvent {
        guard let message = rd_kafka_event_message_next(event) else { return .ignored }
        let code = message.pointee.err
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let detail = rd_kafka_message_errstr(message).map { String(cString: $0) }
            let topic = message.pointee.rkt.map { String(cString: rd_kafka_topic_name($0)) }
            return .trouble(self.client.error(code, what: "Kafka", detail: detail, topic: topic), topic: topic)
        }
        return .record(NativeMessage.record(message, maximumBytes: self.maximumRecordBytes))
    }

    private func reachedEnd(_ event: OpaquePointer) -> ConsumerEvent {
        guard let entry = rd_kafka_event_topic_partition(event) else { return .ignored }
        defer { rd_kafka_topic_partition_destroy(entry) }
        let topic = entry.pointee.topic.map { String(cString: $0) } ?? ""
        let partition = KafkaPartition(topic: topic, partition: entry.pointee.partition)
        return .reachedEnd(partition, offset: entry.pointee.offset)
    }

    private func rebalance(_ event: OpaquePointer) -> ConsumerEvent {
        let partitions = PartitionList.entries(rd_kafka_event_topic_partition_list(event)).map(\.partition)
        if rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS { return .assigned(partitions) }
        // REVOKE_PARTITIONS, or an error, which is to be met by giving everything up as well.
        return .revoked(partitions, isLost: self.isAssignmentLost)
    }

    private func committed(_ event: OpaquePointer) -> ConsumerEvent {
        let ticket = UInt(bitPattern: rd_kafka_event_opaque(event))
        var code = rd_kafka_event_error(event)
        if code == RD_KAFKA_RESP_ERR_NO_ERROR {
            let entries = PartitionList.entries(rd_kafka_event_topic_partition_list(event))
            code = entries.first { $0.error != RD_KAFKA_RESP_ERR_NO_ERROR }?.error ?? code
        }
        // Nothing new to commit is success.
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR, code != RD_KAFKA_RESP_ERR__NO_OFFSET else {
            return .committed(ticket: ticket, nil)
        }
        let what = "The offsets could not be committed"
        return .committed(ticket: ticket, self.client.error(code, what: what, topic: self.onlyTopic))
    }

    /// The group gave the partitions to others without asking: a session that timed out, an unknown member.
    var isAssignmentLost: Bool { rd_kafka_assignment_lost(self.client.handle) != 0 }

    /// Answers an assignment of the group. Must be called for every one.
    func assign(_ partitions: [KafkaPartition]) -> KafkaError? {
        PartitionList.with(partitions) { list in
            if self.isCooperative {
                return self.failure(rd_kafka_incremental_assign(self.client.handle, list), "assigned")
            }
            return self.failure(rd_kafka_assign(self.client.handle, list), "assigned")
        } ?? nil
    }

    /// Answers a revocation of the group. Must be called for every one. librdkafka commits what is stored.
    func unassign(_ partitions: [KafkaPartition]) -> KafkaError? {
        guard self.isCooperative else {
            return self.failure(rd_kafka_assign(self.client.handle, nil), "given up")
        }
        return PartitionList.with(partitions) {
            self.failure(rd_kafka_incremental_unassign(self.client.handle, $0), "given up")
        } ?? nil
    }

    /// What the group has committed for the partitions; without those it has nothing for. Blocks for at most the
    /// time-out.
    func committed(_ partitions: [KafkaPartition], milliseconds: Int32) -> Result<[KafkaPartition: Int64], KafkaError> {
        let what = "The committed offsets could not be read"
        return PartitionList.with(partitions) { list in
            let code = rd_kafka_committed(self.client.handle, list, milliseconds)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { return .failure(self.client.error(code, what: what)) }
            var offsets: [KafkaPartition: Int64] = [:]
            for entry in PartitionList.entries(list)
            where entry.error == RD_KAFKA_RESP_ERR_NO_ERROR && entry.offset >= 0 {
                offsets[entry.partition] = entry.offset
            }
            return .success(offsets)
        } ?? .failure(KafkaError(code: .other, message: what))
    }

    /// The oldest offset that a partition still holds, as of the latest fetch; `nil` before the first.
    func oldestOffset(of partition: KafkaPartition) -> Int64? {
        var low: Int64 = 0
        var high: Int64 = 0
        let code = rd_kafka_get_watermark_offsets(
            self.client.handle,
            partition.topic,
            partition.partition,
            &low,
            &high
        )
        return code == RD_KAFKA_RESP_ERR_NO_ERROR && low >= 0 ? low : nil
    }

    /// The offset behind the last record of a partition, of transactions that are open too, as of the latest fetch.
    func endOffset(of partition: KafkaPartition) -> Int64? {
        var low: Int64 = 0
        var high: Int64 = 0
        let code = rd_kafka_get_watermark_offsets(
            self.client.handle,
            partition.topic,
            partition.partition,
            &low,
            &high
        )
        return code == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? high : nil
    }

    /// Reads on from there. What was fetched before is dropped, here and in the library.
    func seek(_ offsets: [KafkaPartition: Int64]) -> KafkaError? {
        let positions = offsets.map { ($0.key, Optional(KafkaPosition(offset: $0.value))) }
        return PartitionList.with(positions) { list in
            let (code, text) = withErrorText {
                CRDKafka_take_error(rd_kafka_seek_partitions(self.client.handle, list, 0), $0, $1)
            }
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                return NativeLibrary.error(code, what: "Reading could not go on elsewhere", detail: text)
            }
            return nil
        } ?? nil
    }

    func pause(_ partitions: [KafkaPartition]) {
        _ = PartitionList.with(partitions) { rd_kafka_pause_partitions(self.client.handle, $0) }
    }

    func resume(_ partitions: [KafkaPartition]) {
        _ = PartitionList.with(partitions) { rd_kafka_resume_partitions(self.client.handle, $0) }
    }

    /// Stores offsets for the background commit. Partitions that are not assigned any more are passed over.
    ///
    /// - Returns: what went wrong for partitions that are still assigned: the call reports per partition, also where it
    ///   as a whole succeeds.
    func store(_ positions: [KafkaPartition: KafkaPosition]) -> [KafkaError] {
        PartitionList.with(positions.map { ($0.key, Optional($0.value)) }) { list in
            _ = rd_kafka_offsets_store(self.client.handle, list)
            return PartitionList.entries(list).compactMap { entry in
                switch entry.error {
                case RD_KAFKA_RESP_ERR_NO_ERROR, RD_KAFKA_RESP_ERR__STATE, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION: nil
                default: NativeLibrary.error(entry.error, what: "The offset of \(entry.partition) was not stored")
                }
            }
        } ?? []
    }

    /// The positions after the last record taken from each partition, control records included; partitions of which
    /// nothing was taken since their assignment are left out.
    func positions(of partitions: [KafkaPartition]) -> [KafkaPartition: KafkaPosition] {
        PartitionList.with(partitions) { list in
            guard rd_kafka_position(self.client.handle, list) == RD_KAFKA_RESP_ERR_NO_ERROR else { return [:] }
            var positions: [KafkaPartition: KafkaPosition] = [:]
            for entry in PartitionList.entries(list) where entry.offset >= 0 {
                positions[entry.partition] = KafkaPosition(offset: entry.offset)
            }
            return positions
        } ?? [:]
    }

    /// Commits what is stored; the answer arrives as `.committed` with the ticket.
    func commit(ticket: UInt) -> KafkaError? {
        let code = rd_kafka_commit_queue(
            self.client.handle,
            nil,
            self.client.queue,
            nil,
            UnsafeMutableRawPointer(bitPattern: ticket)
        )
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return NativeLibrary.error(code, what: "The offsets could not be committed")
    }

    /// Starts leaving the group. Events go on arriving and must be answered until `isClosed`.
    func beginClose() -> KafkaError? {
        self.failure(rd_kafka_consumer_close_queue(self.client.handle, self.client.queue), "closed")
    }

    var isClosed: Bool { rd_kafka_consumer_closed(self.client.handle) != 0 }

    /// The first offset of each partition whose record has this timestamp or a later one; without one, a partition is
    /// left out. Blocks for at most the time-out.
    func offsets(
        of partitions: [KafkaPartition],
        since time: Int64,
        milliseconds: Int32
    ) -> Result<[KafkaPartition: Int64], KafkaError> {
        let what = "The offsets of a time could not be read"
        // Below zero are the library's names for the ends.
        let positions = partitions.map { ($0, Optional(KafkaPosition(offset: max(0, time)))) }
        return PartitionList.with(positions) { list in
            let code = rd_kafka_offsets_for_times(self.client.handle, list, milliseconds)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { return .failure(self.client.error(code, what: what)) }
            var offsets: [KafkaPartition: Int64] = [:]
            for entry in PartitionList.entries(list) {
                guard entry.error == RD_KAFKA_RESP_ERR_NO_ERROR else {
                    let topic = entry.partition.topic
                    return .failure(
                        self.client.error(entry.error, what: what, topic: topic, operation: .describe)
                    )
                }
                if entry.offset >= 0 { offsets[entry.partition] = entry.offset }
            }
            return .success(offsets)
        } ?? .failure(KafkaError(code: .other, message: what))
    }

    private func failure(_ error: OpaquePointer?, _ what: String) -> KafkaError? {
        let (code, text) = withErrorText { CRDKafka_take_error(error, $0, $1) }
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return NativeLibrary.error(code, what: "The partitions could not be \(what)", detail: text)
    }

    private func failure(_ code: rd_kafka_resp_err_t, _ what: String) -> KafkaError? {
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        return NativeLibrary.error(code, what: "The partitions could not be \(what)")
    }
}
