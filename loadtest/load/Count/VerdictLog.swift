import Analysis
import Kafka
import LoadRig
import Synchronization

/// A verdict on the topic, and when a reader of committed records saw it there.
struct SeenVerdict: Sendable {
    /// Milliseconds since 1970.
    var seenAt: Int64
    var id: String
    fileprivate var record: KafkaRecord

    var isFinal: Bool { id.hasSuffix("/final") }

    /// Nil when it cannot be read.
    var verdict: Verdict? { VerdictTopic.verdict(in: record) }
}

/// Follows the verdict topic from its beginning (read committed).
///
/// Only final verdicts are kept whole; they are read when the run has ended, so that reading them takes nothing from the
/// programs under test.
final class VerdictLog: Sendable {
    private struct State {
        var finals: [SeenVerdict] = []
        var ids: [String: Int] = [:]
        var records = 0
        var decided: Set<String> = []
    }

    private let topic: VerdictTopic
    private let state = Mutex(State())

    init(_ topic: VerdictTopic) {
        self.topic = topic
    }

    var finals: [SeenVerdict] { state.withLock { $0.finals } }

    /// Analyses with a final verdict.
    var decided: Int { state.withLock { $0.decided.count } }

    /// Records on the topic, interim verdicts included.
    var records: Int { state.withLock { $0.records } }

    /// Verdicts that are on the topic more than once, by id.
    var repeated: [String: Int] { state.withLock { $0.ids.filter { $0.value > 1 } } }

    /// Reads until the task is cancelled.
    func follow() async throws {
        try await topic.follow { record($0, at: WallClock.now.milliseconds) }
    }

    private func record(_ record: KafkaRecord, at now: Int64) {
        let id = record.header("ce_id").map { String(decoding: $0, as: UTF8.self) } ?? "without id"
        let seen = SeenVerdict(seenAt: now, id: id, record: record)
        state.withLock { state in
            state.records += 1
            state.ids[id, default: 0] += 1
            guard seen.isFinal else { return }
            state.finals.append(seen)
            state.decided.insert(id)
        }
    }
}
