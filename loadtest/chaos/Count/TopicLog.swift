import Analysis
import Kafka
import LoadRig
import Synchronization

/// A verdict as it is on the topic.
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

    private let topic: VerdictTopic
    private let state = Mutex(State())

    init(_ topic: VerdictTopic) {
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
        try await topic.follow(record)
    }

    /// Reads what the topic holds now from its beginning once more.
    func readAgain() async throws {
        try await topic.readUpToEnd(record)
    }

    private func record(_ record: KafkaRecord) {
        let verdict = VerdictTopic.verdict(in: record)
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
