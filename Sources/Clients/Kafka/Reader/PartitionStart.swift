/// Where a reader without a group begins in one partition.
struct PartitionStart: Sendable {
    var partition: KafkaPartition
    /// The first offset to read.
    var offset: Int64
    /// What the partition holds, from the oldest record to before the next one.
    var extent: Range<Int64>
    /// How far reading to the end goes.
    var end: Int64

    /// Finds all partitions of a topic. Blocks, a second at most for each question.
    ///
    /// - Parameter uncommitted: of a client that sees open transactions; with it, reading to the end goes past those.
    static func all(
        of topic: String,
        from start: KafkaReader.Start,
        keepsTimes: Bool,
        native: NativeConsumer,
        uncommitted: NativeClient?
    ) -> Result<[PartitionStart], KafkaError> {
        do throws(KafkaError) {
            let client = native.client
            let count = try NativeMetadata.partitionCount(of: topic, client: client, milliseconds: 1000).get()
            guard let count, count > 0 else {
                throw KafkaError(code: .topic, message: "The Kafka topic '\(topic)' does not exist.")
            }
            let partitions = (0..<count).map { KafkaPartition(topic: topic, partition: Int32(clamping: $0)) }
            var starts: [PartitionStart] = []
            for partition in partitions {
                let held = try NativeMetadata.watermarks(partition, client: client, milliseconds: 1000).get()
                let end = try uncommitted.map { client throws(KafkaError) in
                    try NativeMetadata.watermarks(partition, client: client, milliseconds: 1000).get().upperBound
                }
                starts.append(
                    PartitionStart(
                        partition: partition,
                        offset: held.lowerBound,
                        extent: held.lowerBound..<held.upperBound,
                        end: max(held.upperBound, end ?? 0)
                    )
                )
            }
            return .success(try self.move(starts, to: start, keepsTimes: keepsTimes, native: native))
        } catch {
            return .failure(error)
        }
    }

    private static func move(
        _ starts: [PartitionStart],
        to start: KafkaReader.Start,
        keepsTimes: Bool,
        native: NativeConsumer
    ) throws(KafkaError) -> [PartitionStart] {
        var found: [KafkaPartition: Int64]?
        if let time = start.time {
            // Asked after the ends, so that what is stored in between is read whatever the answer was.
            found = try native.offsets(of: starts.map(\.partition), since: time, milliseconds: 1000).get()
        }
        return starts.map { held in
            var moved = held
            let timed = found.map { $0[held.partition] ?? (keepsTimes ? held.extent.upperBound : held.offset) }
            switch start {
            case .beginning: break
            case .end: moved.offset = held.extent.upperBound
            case .time: moved.offset = timed ?? held.offset
            case .resume(let reached, _):
                // An offset that the partition does not have is of a topic that was made anew.
                let known = reached[held.partition].flatMap { held.holds($0) ? $0 : nil }
                moved.offset = [known, timed].compactMap { $0 }.min() ?? held.offset
            }
            return moved
        }
    }

    private func holds(_ offset: Int64) -> Bool {
        self.extent.contains(offset) || offset == self.extent.upperBound
    }
}
