internal import CRDKafka

/// The offsets of a group, from outside of it. The calls block.
extension NativeConsumer {
    /// What the group has stored; partitions without an offset are left out. One that cannot be read fails the call.
    func storedOffsets(
        _ partitions: [KafkaPartition],
        milliseconds: Int32
    ) -> Result<[KafkaPartition: Int64], KafkaError> {
        let what = "The offsets of the group could not be read"
        return PartitionList.with(partitions) { list in
            let code = rd_kafka_committed(self.client.handle, list, milliseconds)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { return .failure(NativeLibrary.error(code, what: what)) }
            var offsets: [KafkaPartition: Int64] = [:]
            for entry in PartitionList.entries(list) {
                guard entry.error == RD_KAFKA_RESP_ERR_NO_ERROR else {
                    return .failure(NativeLibrary.error(entry.error, what: what))
                }
                if entry.offset >= 0 { offsets[entry.partition] = entry.offset }
            }
            return .success(offsets)
        } ?? .failure(KafkaError(code: .other, message: what))
    }

    /// Stores offsets for a group without members, and waits until they are stored; nil when they are.
    func commit(_ positions: [KafkaPartition: KafkaPosition]) -> KafkaError? {
        let what = "The offsets of the group could not be stored"
        return PartitionList.with(positions.map { ($0.key, Optional($0.value)) }) { list in
            var code = rd_kafka_commit(self.client.handle, list, 0)
            if code == RD_KAFKA_RESP_ERR_NO_ERROR {
                code = PartitionList.entries(list).first { $0.error != RD_KAFKA_RESP_ERR_NO_ERROR }?.error ?? code
            }
            return code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : NativeLibrary.error(code, what: what)
        } ?? KafkaError(code: .other, message: what)
    }
}

extension KafkaError {
    /// The group has members: offsets from outside are refused.
    var isOfAnActiveGroup: Bool {
        let codes = [
            RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION,
            RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
        ]
        return codes.contains { $0.rawValue == self.rdKafkaCode }
    }
}
