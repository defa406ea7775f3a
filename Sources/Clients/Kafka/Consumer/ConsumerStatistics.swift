import FoundationEssentials

/// What a consumer knows about itself.
package struct KafkaConsumerStatistics: Sendable, Equatable {
    /// Records between the stored position and the partition's end, those of open transactions included; partitions with an
    /// unknown lag are left out.
    package var lag: [KafkaPartition: Int64] = [:]
    /// Assignments and revocations so far.
    package var rebalances = 0
    /// Has an assignment, or knows that the group has none for it.
    package var isJoined = false
    package var assignment: [KafkaPartition] = []
    /// Records fetched and not handed out.
    package var bufferedRecords = 0
    /// Batches handed out and not stored.
    package var outstandingBatches = 0
    /// Records in them.
    package var outstandingRecords = 0
    /// Brokers connected, `nil` before the first statistics.
    package var connectedBrokers: Int?
    /// Records that were deleted before they could be read.
    package var lostRecords = 0
    /// Stretches that could not be decompressed or parsed, and were passed over.
    package var unreadableStretches = 0
    /// Since when a partition has not moved although records wait; nil while all do, or nothing waits.
    package var waitingSince: ContinuousClock.Instant?
    /// Transactions that have held up a partition for 15 seconds or more.
    package var openTransactions: [KafkaOpenTransaction] = []
    /// The latest condition the library reported; it may be over.
    package var lastError: KafkaError?

    package init() {}

    /// How long a partition has not moved although records wait.
    package func standstill(at now: ContinuousClock.Instant) -> Duration {
        self.waitingSince.map { max(.zero, $0.duration(to: now)) } ?? .zero
    }

    /// What holds up reading, a sentence each: transactions that are open, and a standstill of five minutes.
    package func obstacles(at now: ContinuousClock.Instant) -> [String] {
        let transactions = self.openTransactions.map { $0.sentence(now: now) }
        let standstill = self.standstill(at: now)
        guard transactions.isEmpty, standstill >= .seconds(300) else { return transactions }
        return ["reading has stood still for \(standstill.components.seconds) s although records wait"]
    }

    /// Records that are still to be dealt with, at least: what the library knows, which is a while ago and nothing for a
    /// partition of which nothing has been stored yet; or what is here, if that is more.
    package var totalLag: Int64 {
        max(lag.values.reduce(0, +), Int64(bufferedRecords + outstandingRecords))
    }
}

/// The part of librdkafka's statistics that is used. Fields appear and vanish by version: each may be missing.
struct LibraryStatistics {
    struct Place: Equatable {
        /// Everything before it is dealt with.
        var done: Int64?
        /// The offset behind the last record.
        var end: Int64?
        /// Where the first transaction that is open begins.
        var openFrom: Int64?

        var lag: Int64? {
            guard let done, let end else { return nil }
            return max(0, end - done)
        }
    }

    var partitions: [KafkaPartition: Place] = [:]
    var connectedBrokers = 0

    var lag: [KafkaPartition: Int64] { self.partitions.compactMapValues(\.lag) }

    /// Reads the library's JSON; `nil` when it isn't any.
    init?(json: [UInt8]) {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(json)) else { return nil }
        for (topic, content) in document.topics ?? [:] {
            for (number, partition) in content.partitions ?? [:] {
                // Partition -1 is the library's own waiting room.
                guard let id = Int32(number), id >= 0 else { continue }
                self.partitions[KafkaPartition(topic: topic, partition: id)] = partition.place
            }
        }
        // The coordinator is listed once more as a logical broker, bootstrap addresses have no number.
        self.connectedBrokers = (document.brokers ?? [:]).values.count {
            $0.state == "UP" && ($0.nodeid ?? -1) >= 0 && $0.source != "logical"
        }
    }

    private struct Document: Decodable {
        var topics: [String: Topic]?
        var brokers: [String: Broker]?
    }

    private struct Topic: Decodable {
        var partitions: [String: Partition]?
    }

    private struct Broker: Decodable {
        var state: String?
        var nodeid: Int?
        var source: String?
    }

    private struct Partition: Decodable {
        var stored_offset: Int64?
        var committed_offset: Int64?
        var lo_offset: Int64?
        var hi_offset: Int64?
        var ls_offset: Int64?

        /// Below zero is what is not known. A group that has stored nothing begins with what is there. The library's own
        /// lag ends before the first open transaction, and is unknown before anything was read.
        var place: Place {
            func known(_ offset: Int64?) -> Int64? { offset.flatMap { $0 >= 0 ? $0 : nil } }
            let end = known(self.hi_offset)
            var place = Place(end: end)
            place.done = [self.stored_offset, self.committed_offset, self.lo_offset].lazy.compactMap(known).first
            if let end, let stable = known(self.ls_offset), stable < end { place.openFrom = stable }
            return place
        }
    }
}
