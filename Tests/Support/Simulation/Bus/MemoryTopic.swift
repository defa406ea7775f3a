import Kafka
import SeededRandom

/// A topic in memory: partitions of records, some of which belong to transactions that are open or were undone.
struct MemoryTopic: Sendable {
    enum Standing: Sendable {
        case committed
        case open(producer: String)
        case aborted
    }

    struct Entry: Sendable {
        var record: KafkaRecord
        var standing: Standing
    }

    let name: String
    private(set) var partitions: [[Entry]]

    init(name: String, partitions: Int) {
        self.name = name
        self.partitions = Array(repeating: [], count: partitions)
    }

    mutating func append(_ message: KafkaMessage, as standing: Standing) -> KafkaDelivery {
        let partition = Self.partition(of: message.key ?? [], count: partitions.count)
        let offset = Int64(partitions[partition].count)
        let record = KafkaRecord(
            topic: name,
            partition: Int32(partition),
            offset: offset,
            timestampMilliseconds: message.timestampMilliseconds,
            key: message.key,
            value: message.value,
            headers: message.headers
        )
        partitions[partition].append(Entry(record: record, standing: standing))
        return KafkaDelivery(topic: name, partition: Int32(partition), offset: offset)
    }

    /// Ends what a producer has open. Returns the records that readers see now, in order.
    mutating func end(_ producer: String, commits: Bool) -> [KafkaRecord] {
        var shown: [KafkaRecord] = []
        for partition in partitions.indices {
            for index in partitions[partition].indices {
                guard case .open(producer) = partitions[partition][index].standing else { continue }
                partitions[partition][index].standing = commits ? .committed : .aborted
                if commits { shown.append(partitions[partition][index].record) }
            }
        }
        return shown
    }

    /// Committed records from an offset on, up to the first that belongs to an open transaction, and where they end.
    func committed(_ partition: Int, from offset: Int64, limit: Int) -> (records: [KafkaRecord], next: Int64) {
        var records: [KafkaRecord] = []
        var next = offset
        for entry in partitions[partition].dropFirst(Int(offset)) where records.count < limit {
            switch entry.standing {
            case .open: return (records, next)
            case .committed: records.append(entry.record)
            case .aborted: break
            }
            next += 1
        }
        return (records, next)
    }

    /// All committed records of all partitions, whatever stands open between them.
    var allCommitted: [KafkaRecord] {
        partitions.joined().compactMap { entry in
            if case .committed = entry.standing { entry.record } else { nil }
        }
    }

    /// The end of each partition for readers of committed records, and the end of everything.
    func ends(_ partition: Int) -> (stable: Int, high: Int) {
        let entries = partitions[partition]
        let open = entries.firstIndex { entry in
            if case .open = entry.standing { true } else { false }
        }
        return (open ?? entries.count, entries.count)
    }

    private static func partition(of key: [UInt8], count: Int) -> Int {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
        for byte in key { hash = SeededGenerator.mix(hash ^ UInt64(byte)) }
        return Int(hash % UInt64(count))
    }
}
