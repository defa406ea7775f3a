import Engine
import Kafka

/// The deploy topic as one replica reads it.
final class SimulatedDeployRecords: DeployRecords {
    private let member: GroupMember

    init(_ member: GroupMember) {
        self.member = member
    }

    var isJoined: Bool { member.isJoined }

    var statistics: KafkaConsumerStatistics {
        var statistics = KafkaConsumerStatistics()
        statistics.isJoined = isJoined
        return statistics
    }

    func nextBatch() async throws -> KafkaBatch? {
        await member.next().map { KafkaBatch(records: $0) }
    }

    func store(_ batch: KafkaBatch) async throws {
        member.finish(batch.records)
    }

    func pause() { member.setPaused(true) }
    func resume() { member.setPaused(false) }
    func close() async { await member.close() }
}

/// Where unreadable records go.
struct SimulatedDeadLetters: DeadLetters {
    let bus: MemoryBus
    let link: Link
    let topic: String

    func send(_ record: KafkaRecord, reason: String, message: String) async throws {
        let letter = KafkaMessage(
            topic: topic,
            key: record.key,
            value: record.value,
            headers: record.headers + [KafkaHeader(key: "dlq.error.class", value: Array(reason.utf8))]
        )
        try await link.call("dead letter", to: .bus) { [bus] in _ = bus.append(letter) }
    }
}
