import FoundationEssentials

/// What a consumer knows about itself.
package struct KafkaConsumerStatistics: Sendable, Equatable {
    /// Records between the stored position and the partition's end; partitions with an unknown lag are left out.
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
    /// The latest condition the library reported; it may be over.
    package var lastError: KafkaError?

    package init() {}

    /// Records that are still to be dealt with, at least: what the library knows, which is a while ago and nothing for a
    /// partition of which nothing has been stored yet; or what is here, if that is more.
    package var totalLag: Int64 {
        max(lag.values.reduce(0, +), Int64(bufferedRecords + outstandingRecords))
    }
}

/// The part of librdkafka's statistics that is used. Fields appear and vanish by version: each may be missing.
struct LibraryStatistics {
    var lag: [KafkaPartition: Int64] = [:]
    var connectedBrokers = 0

    /// Reads the library's JSON; `nil` when it isn't any.
    init?(json: [UInt8]) {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(json)) else { return nil }
        for (topic, content) in document.topics ?? [:] {
            for (number, partition) in content.partitions ?? [:] {
                // Partition -1 is the library's own waiting room; a lag of -1 means unknown.
                guard let id = Int32(number), id >= 0 else { continue }
                guard let lag = partition.known else { continue }
                self.lag[KafkaPartition(topic: topic, partition: id)] = lag
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
        var consumer_lag_stored: Int64?
        var consumer_lag: Int64?

        var known: Int64? {
            [self.consumer_lag_stored, self.consumer_lag].compactMap { $0 }.first { $0 >= 0 }
        }
    }
}
