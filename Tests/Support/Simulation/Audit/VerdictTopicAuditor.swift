import Analysis
import Kafka
import Store
import Synchronization

/// Reads the verdict topic as any reader of committed records does, and compares it with the store.
final class VerdictTopicAuditor: Sendable {
    private struct State {
        var seen: Set<String> = []
        /// The place in the outbox of the newest verdict of each application.
        var newest: [[UInt8]: Int64] = [:]
    }

    private let store: MemoryStore
    private let report: @Sendable (String) -> Void
    private let state = Mutex(State())

    init(store: MemoryStore, report: @escaping @Sendable (String) -> Void) {
        self.store = store
        self.report = report
    }

    var seen: Set<String> { state.withLock { $0.seen } }

    /// Records that readers see from now on.
    func shown(_ records: [KafkaRecord]) {
        for record in records {
            let id = record.header("ce_id").map { String(decoding: $0, as: UTF8.self) } ?? ""
            let sequence = store.read { $0.outboxSequences[MemoryTables.MessageKey(sink: .verdicts, id: id)] }
            let problem = state.withLock { state -> String? in
                guard state.seen.insert(id).inserted else { return "verdict \(id) is on the topic twice" }
                guard let sequence else { return "verdict \(id) is on the topic and was never decided" }
                let key = record.key ?? []
                defer { state.newest[key] = max(sequence, state.newest[key] ?? 0) }
                guard sequence > state.newest[key] ?? 0 else { return "verdict \(id) stands behind a later one" }
                return nil
            }
            if let problem { report(problem) }
        }
    }
}
