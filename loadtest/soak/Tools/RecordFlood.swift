import Kafka
import LoadRig

/// Many records, as fast as the broker takes them, by a producer that sends what others refuse to.
struct RecordFlood: Sendable {
    var configuration: KafkaConfiguration

    init(_ broker: Broker, codec: String = "none") {
        configuration = broker.configuration
        configuration.properties["compression.type"] = codec
        configuration.properties["message.max.bytes"] = "500000000"
    }

    /// Returns how many the broker has acknowledged, when all have been, or the time given has come.
    ///
    /// - Parameter least: So many of the first go out whatever the time is: on a slow machine an attack is smaller, not absent.
    func send(
        _ count: Int,
        until end: ContinuousClock.Instant,
        atLeast least: Int = 1,
        concurrently senders: Int = 4000,
        _ message: @escaping @Sendable (Int) -> KafkaMessage
    ) async throws -> Int {
        let producer = try KafkaProducer(
            configuration: configuration,
            options: .init(linger: .milliseconds(20)),
            logger: SilentLogger.make()
        )
        let sent = await withTaskGroup(of: Int.self) { group in
            let senders = max(1, min(senders, count))
            for first in 0..<senders {
                group.addTask {
                    var sent = 0
                    for number in stride(from: first, to: count, by: senders) {
                        guard number < least || ContinuousClock.now < end, !Task.isCancelled else { break }
                        if (try? await producer.send(message(number))) != nil { sent += 1 }
                    }
                    return sent
                }
            }
            return await group.reduce(0, +)
        }
        await producer.close()
        return sent
    }
}
