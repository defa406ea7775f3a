import Analysis
import EventFormats
import Kafka
import Logging
import Processes
import Synchronization

/// Keeps what arrives on a topic, from its beginning on.
final class TopicFollower: Sendable {
    private let reader: KafkaReader
    private let seen = Mutex<[KafkaRecord]>([])

    private init(_ broker: Broker, _ topic: String) throws {
        reader = try KafkaReader(
            configuration: .embedded(broker.address, clientID: "assay-test"),
            topic: topic,
            from: .beginning,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Follows a topic while `body` runs.
    static func follow<Result: Sendable>(
        _ topic: String,
        of broker: Broker,
        _ body: (TopicFollower) async throws -> Result
    ) async throws -> Result {
        let follower = try TopicFollower(broker, topic)
        let task = Task {
            while let record = try await follower.reader.next() { follower.seen.withLock { $0.append(record) } }
        }
        do {
            let result = try await body(follower)
            task.cancel()
            await follower.reader.close()
            return result
        } catch {
            task.cancel()
            await follower.reader.close()
            throw error
        }
    }

    var records: [KafkaRecord] { seen.withLock { $0 } }

    /// The verdicts among them, repeats included.
    var verdicts: [Verdict] {
        records.compactMap { record in
            let headers = record.headers.map { EventHeader(name: $0.key, value: $0.value) }
            guard let event = try? CloudEventKafkaBinding.decode(value: record.value, headers: headers) else {
                return nil
            }
            return try? VerdictEvent.decode(event)
        }
    }

    func verdicts(on application: String, _ version: String) -> [Verdict] {
        verdicts.filter { $0.application == application && $0.version == version }
    }

    /// Waits for the final verdict on a release.
    func finalVerdict(
        on application: String,
        _ version: String = "1.0.0",
        atMost limit: Duration = .seconds(120)
    ) async throws -> Verdict {
        try await Waiting.until("there is a final verdict on \(application) \(version)", atMost: limit) {
            verdicts(on: application, version).first { $0.kind == .final }
        }
    }

    /// Waits for a record that has this header.
    func record(_ name: String, _ value: String, atMost limit: Duration = .seconds(120)) async throws -> KafkaRecord {
        try await Waiting.until("there is a record with \(name) = \(value)", atMost: limit) {
            records.first { $0.text(name) == value }
        }
    }
}

extension KafkaRecord {
    func text(_ header: String) -> String? { self.header(header).map { String(decoding: $0, as: UTF8.self) } }
}
