import Kafka

/// A part of a topic that can't be decompressed or parsed, where what is newest counts: something newer may stand there.
package struct UnreadablePart: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    /// Throws where only the newest is meant. An event and a session are known by their names.
    static func check(_ record: KafkaRecord, _ wanted: WantedVerdict) throws {
        guard case .version = wanted else { return }
        throw UnreadablePart(
            description: "a part of the topic \(record.topic) can't be read (partition \(record.partition), from offset"
                + " \(record.offset) to before \(record.end)), so the newest deployment of \(wanted.name) is not known:"
                + " name its event with --event"
        )
    }
}
