import Analysis
import Concurrency
import Logging
import Store
import Synchronization

/// Says that a sink takes nothing, once and now and then, and that it takes messages again: not a line for each message.
///
/// The outage lasts while any application's messages wait for the sink after a failure.
final class DeliveryOutage: Sendable {
    private struct State {
        /// Keys whose last attempt failed, by shard.
        var waiting: [Int: Set<String>] = [:]
        var outage = Outage<Timestamp>()
    }

    private let sink: String
    private let logger: Logger
    private let state = Mutex(State())

    init(sink: String, logger: Logger) {
        self.sink = sink
        self.logger = logger
    }

    func failed(_ result: DeliveryResult, _ error: DeliveryFailure, shard: Int, at now: Timestamp) {
        let notice = state.withLock { state in
            state.waiting[shard, default: []].insert(result.message.key)
            return state.outage.failed(at: now)
        }
        let failures: Int
        switch notice {
        case .began: failures = 1
        case .lasts(let all, _): failures = all
        case .ended, nil: return
        }
        logger.warning(
            "outbox messages are not delivered; trying again",
            metadata: [
                "sink": "\(sink)", "id": "\(result.message.id)", "attempt": "\(result.message.attempts + 1)",
                "failures": "\(failures)", "error": "\(error)",
            ]
        )
    }

    /// A message of this key was delivered, or given up.
    func settled(key: String, shard: Int, at now: Timestamp) {
        end(at: now) { $0.waiting[shard]?.remove(key) }
    }

    /// The shard is another replica's from now on.
    func left(shard: Int, at now: Timestamp) {
        end(at: now) { $0.waiting[shard] = nil }
    }

    private func end(at now: Timestamp, _ change: (inout State) -> Void) {
        let notice = state.withLock { state -> Outage<Timestamp>.Notice? in
            guard state.outage.began != nil else { return nil }
            change(&state)
            guard state.waiting.values.allSatisfy(\.isEmpty) else { return nil }
            state.waiting = [:]
            return state.outage.ended(at: now)
        }
        guard let notice, case .ended = notice else { return }
        logger.notice("outbox messages are delivered again", metadata: notice.metadata(and: ["sink": "\(sink)"]))
    }
}
