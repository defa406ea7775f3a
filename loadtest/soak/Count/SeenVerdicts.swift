import Analysis
import Judging
import Kafka
import LoadRig
import Synchronization

/// Follows the verdict topic from its beginning (read committed) and counts what is about good releases.
final class SeenVerdicts: Sendable {
    /// Marks what an attacker of this run put on the topic.
    static let forged = "x-soak-forged"

    private let topic: VerdictTopic
    private let state = Mutex<(count: VerdictCount, sessions: Set<String>)>((VerdictCount(), []))

    init(_ topic: VerdictTopic) {
        self.topic = topic
    }

    var count: VerdictCount { state.withLock { $0.count } }

    /// Whether a session of an attacker has its final verdict.
    func hasFinal(_ session: String) -> Bool { state.withLock { $0.sessions.contains(session) } }

    /// Reads until the task is cancelled.
    func follow() async throws {
        try await topic.follow { record($0) }
    }

    private func record(_ record: KafkaRecord) {
        let now = WallClock.now
        guard let key = record.key.map({ String(decoding: $0, as: UTF8.self) }), record.header(Self.forged) == nil,
            let id = record.header("ce_id").map({ String(decoding: $0, as: UTF8.self) })
        else { return }
        if let release = GoodRelease(application: key) {
            // Interim verdicts need not be read: they count by their ids.
            let isFinal = id.hasSuffix("/final")
            let verdict = isFinal ? VerdictTopic.verdict(in: record) : nil
            let result = verdict.map { "\($0.status.rawValue), \($0.result.rawValue)" }
            return state.withLock { $0.count.record(release, id: id, isFinal: isFinal, result: result, at: now) }
        }
        guard key.hasPrefix(SoakPlan.big.applications), id.hasSuffix("/final"),
            let session = VerdictTopic.verdict(in: record)?.session
        else { return }
        state.withLock { _ = $0.sessions.insert(session) }
    }
}
