import EventFormats
package import Kafka

/// Where `assay wait` gets verdicts from.
package protocol PublishedVerdicts {
    /// The next verdict that is wanted, interim or final; nil when `end` comes first.
    mutating func next(until end: ContinuousClock.Instant) async throws -> PublishedVerdict?

    /// Why there may be none, as far as the source knows.
    var trouble: String? { get }

    func close() async
}

/// The verdict topic, from its beginning.
package struct TopicVerdicts: PublishedVerdicts {
    package let reader: KafkaReader
    package let wanted: WantedVerdict

    package init(reader: KafkaReader, wanted: WantedVerdict) {
        self.reader = reader
        self.wanted = wanted
    }

    package var trouble: String? { nil }

    package func next(until end: ContinuousClock.Instant) async throws -> PublishedVerdict? {
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

    package func close() async {
        await reader.close()
    }
}
