/// Follows which records of each partition are done, so that an offset is stored only when everything before it is.
///
/// Batches may be completed in any order. Per partition they form a queue; only its completed front moves the position
/// that may be stored.
struct OffsetTracker {
    private struct Entry {
        let batch: UInt64
        let end: KafkaPosition
        var isDone = false
    }

    private var partitions: [KafkaPartition: [Entry]] = [:]
    private var batches: [UInt64: Set<KafkaPartition>] = [:]
    private var sizes: [UInt64: Int] = [:]
    /// Positions that may be stored and have not been yet.
    private var storable: [KafkaPartition: KafkaPosition] = [:]

    /// Batches that were handed out and not completed.
    var outstanding: Int { self.batches.count }

    /// Records in them.
    private(set) var outstandingRecords = 0

    /// Notes a batch that is handed out.
    mutating func begin(_ batch: UInt64, records: Int, ends: [KafkaPartition: KafkaPosition]) {
        self.batches[batch] = Set(ends.keys)
        self.sizes[batch] = records
        self.outstandingRecords += records
        for (partition, end) in ends {
            self.partitions[partition, default: []].append(Entry(batch: batch, end: end))
        }
    }

    /// Notes that a batch's work is durable. Partitions that were forgotten meanwhile are passed over, and so is a batch
    /// that was completed before.
    mutating func complete(_ batch: UInt64) {
        guard let touched = self.batches.removeValue(forKey: batch) else { return }
        self.outstandingRecords -= self.sizes.removeValue(forKey: batch) ?? 0
        for partition in touched {
            guard var entries = self.partitions[partition] else { continue }
            for index in entries.indices where entries[index].batch == batch { entries[index].isDone = true }
            let open = entries.firstIndex { !$0.isDone } ?? entries.endIndex
            if open > entries.startIndex { self.storable[partition] = entries[open - 1].end }
            entries.removeSubrange(..<open)
            self.partitions[partition] = entries.isEmpty ? nil : entries
        }
    }

    /// Work of any of these partitions is still in flight.
    func isBusy(_ partitions: Set<KafkaPartition>) -> Bool {
        partitions.contains { self.partitions[$0] != nil }
    }

    /// Takes the positions that may be stored now.
    mutating func takeStorable() -> [KafkaPartition: KafkaPosition] {
        defer { self.storable = [:] }
        return self.storable
    }

    /// Forgets partitions that are no longer ours: what is in flight for them will not be stored.
    mutating func forget(_ gone: Set<KafkaPartition>) {
        for partition in gone {
            self.partitions[partition] = nil
            self.storable[partition] = nil
        }
        for (batch, touched) in self.batches where !touched.isDisjoint(with: gone) {
            self.batches[batch] = touched.subtracting(gone)
        }
    }
}
