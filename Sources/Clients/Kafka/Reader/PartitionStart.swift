/// Where a reader without a group begins in one partition.
struct PartitionStart: Sendable {
    var partition: KafkaPartition
    /// The first offset to read.
    var offset: Int64
    /// What the partition holds, from the oldest record to before the next one.
    var extent: Range<Int64>

    /// Finds all partitions of a topic. Blocks, a second at most for each question.
    static func all(
        of topic: String,
        from start: KafkaReader.Start,
        keepsTimes: Bool,
        native: NativeConsumer
    ) -> Result<[PartitionStart], KafkaError> {
        do throws(KafkaError) {
            let count = try NativeMetadata.partitionCount(of: topic, client: native.client, milliseconds: 1000).get()
            guard let count, count > 0 else {
                throw KafkaError(code: .topic, message: "The Kafka topic '\(topic)' does not exist.")
            }
            var starts: [PartitionStart] = []
            for id in 0..<count {
                let partition = KafkaPartition(topic: topic, partition: Int32(clamping: id))
                let range = try native.watermarks(partition, milliseconds: 1000).get()
                let offset = start == .beginning ? range.lowerBound : range.upperBound
                starts.append(
                    PartitionStart(partition: partition, offset: offset, extent: range.lowerBound..<range.upperBound)
                )
            }
            guard case .time(let time) = start else { return .success(starts) }
            return .success(try self.move(starts, to: time, keepsTimes: keepsTimes, native: native))
        } catch {
            return .failure(error)
        }
    }

    /// Asked after the ends, so that what is stored in between is read whatever the answer was.
    private static func move(
        _ starts: [PartitionStart],
        to time: Int64,
        keepsTimes: Bool,
        native: NativeConsumer
    ) throws(KafkaError) -> [PartitionStart] {
        let found = try native.offsets(of: starts.map(\.partition), since: time, milliseconds: 1000).get()
        return starts.map { start in
            var moved = start
            if let offset = found[start.partition] {
                moved.offset = offset
            } else if !keepsTimes {
                moved.offset = start.extent.lowerBound
            }
            return moved
        }
    }
}
