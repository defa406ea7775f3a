import Engine
import EventFormats
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

    func setAside(_ letter: DeadLetter) async throws {
        let content = letter.content(version: "0")
        let message = KafkaMessage(
            topic: topic,
            key: content.key,
            value: content.value,
            headers: content.headers.map { KafkaHeader(key: $0.name, value: $0.value) }
        )
        do throws(LinkFailure) {
            try await link.call("dead letter", to: .bus) { [bus] in _ = bus.append(message) }
        } catch {
            throw KafkaError.passing("the dead letter could not be sent: \(error)")
        }
    }
}
