import Analysis
import EventFormats
import Kafka
import LoadBench
import Synchronization

/// A verdict as it stands on the topic.
struct TopicVerdict: Sendable, Equatable {
    var partition: Int32
    var offset: Int64
    var verdict: Verdict
}

/// Follows the verdict topic from its beginning (read committed) and keeps every verdict with its place.
///
/// An embedded broker keeps only the newest records, so the topic is followed all the time rather than read at the end.
final class TopicLog: Sendable {
    private struct Place: Hashable {
        var partition: Int32
        var offset: Int64
    }

    private struct State {
        var verdicts: [Place: Verdict] = [:]
        var finals: Set<String> = []
        var unreadable = 0
    }

    private let configuration: KafkaConfiguration
    private let topic: String
    private let state = Mutex(State())

    init(configuration: KafkaConfiguration, topic: String) {
        self.configuration = configuration
        self.topic = topic
    }

    /// In the order of the topic, partition by partition.
    var verdicts: [TopicVerdict] {
        state.withLock { $0.verdicts }
            .map { TopicVerdict(partition: $0.key.partition, offset: $0.key.offset, verdict: $0.value) }
            .sorted { ($0.partition, $0.offset) < ($1.partition, $1.offset) }
    }

    /// Ids of the deploy events that have a final verdict.
    var decidedEvents: Set<String> { state.withLock { $0.finals } }

    /// Records that are no verdicts.
    var unreadable: Int { state.withLock { $0.unreadable } }

    /// Reads until the task is cancelled.
    func follow() async throws {
        let reader = try KafkaReader(
            configuration: configuration,
            topic: topic,
            from: .beginning,
            logger: SilentLogger.make()
        )
        do {
            while let record = try await reader.next() { take(record) }
        } catch {
            await reader.close()
            throw error
        }
        await reader.close()
    }

    /// Reads what the topic holds now from its beginning once more.
    func readAgain() async throws {
        let reader = try KafkaReader(
            configuration: configuration,
            topic: topic,
            from: .beginning,
            logger: SilentLogger.make()
        )
        do {
            try await reader.readUpToEnd(timeout: .seconds(60), take)
        } catch {
            await reader.close()
            throw error
        }
        await reader.close()
    }

    private func take(_ record: KafkaRecord) {
        let headers = record.headers.map { EventHeader(name: $0.key, value: $0.value) }
        let verdict = (try? CloudEventKafkaBinding.decode(value: record.value, headers: headers))
            .flatMap { try? VerdictEvent.decode($0) }
        state.withLock { state in
            let place = Place(partition: record.partition, offset: record.offset)
            guard state.verdicts[place] == nil else { return }
            guard let verdict else {
                state.unreadable += 1
                return
            }
            state.verdicts[place] = verdict
            if verdict.kind == .final { state.finals.insert(verdict.deployEvent.id) }
        }
    }
}
