import EventFormats
import Kafka

/// Where `assay wait` gets verdicts from.
protocol VerdictSource {
    /// The next verdict that is wanted, interim or final; nil when `end` comes first.
    mutating func next(until end: ContinuousClock.Instant) async throws -> PublishedVerdict?

    /// Why there may be none, as far as the source knows.
    var trouble: String? { get }

    func close() async
}

/// The verdict topic, from its beginning.
struct TopicVerdicts: VerdictSource {
    let reader: KafkaReader
    let wanted: WantedVerdict

    var trouble: String? { nil }

    func next(until end: ContinuousClock.Instant) async throws -> PublishedVerdict? {
        while true {
            let left = end - ContinuousClock.now
            guard left > .zero, let record = try await reader.next(timeout: left) else { return nil }
            let headers = record.headers.map { EventHeader(name: $0.key, value: $0.value) }
            // Other programs may write to the topic; what is no verdict is not for us.
            guard let event = try? CloudEventKafkaBinding.decode(value: record.value, headers: headers),
                let published = PublishedVerdict(event), wanted.matches(published.verdict)
            else { continue }
            return published
        }
    }

    func close() async {
        await reader.close()
    }
}
