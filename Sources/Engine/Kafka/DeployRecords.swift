package import Kafka

/// The deploy topic as one member of its group sees it.
package protocol DeployRecords: Sendable {
    /// It has its place in the group.
    var isJoined: Bool { get }

    var statistics: KafkaConsumerStatistics { get }

    /// The next records of one or more partitions, in order; nil after `close`.
    func nextBatch() async throws -> KafkaBatch?

    /// Everything up to the end of the batch is durable: after a restart reading goes on behind it.
    func store(_ batch: KafkaBatch) async throws

    /// No more records are fetched until `resume`.
    func pause()

    func resume()

    func close() async
}

extension KafkaConsumer: DeployRecords {}
