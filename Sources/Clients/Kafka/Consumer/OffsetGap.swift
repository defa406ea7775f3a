/// Offsets between two records of a partition, or between where reading began and the first.
struct OffsetGap: Sendable, Equatable {
    var partition: KafkaPartition
    /// The offset that should have come.
    var expected: Int64
    /// The one that came.
    var found: Int64

    /// How many of the offsets lie before the oldest that the broker still has: their records were deleted unread.
    func lost(oldest: Int64) -> Int64 { max(0, min(oldest, self.found) - self.expected) }
}

/// Where the next record of each partition should be.
struct ReadingPositions {
    private var next: [KafkaPartition: Int64] = [:]

    mutating func begin(_ partition: KafkaPartition, at offset: Int64) {
        self.next[partition] = offset
    }

    mutating func forget(_ partitions: Set<KafkaPartition>) {
        for partition in partitions { self.next[partition] = nil }
    }

    func next(of partition: KafkaPartition) -> Int64? { self.next[partition] }

    /// The gap before a record that came, if there is one.
    ///
    /// - Parameter end: the offset behind what came.
    mutating func advance(_ partition: KafkaPartition, offset: Int64, end: Int64) -> OffsetGap? {
        defer { self.next[partition] = end }
        guard let expected = self.next[partition], offset > expected else { return nil }
        return OffsetGap(partition: partition, expected: expected, found: offset)
    }
}
