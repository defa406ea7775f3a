import Analysis
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
        var began: Timestamp?
        var said: Timestamp?
        var failures = 0
    }

    static let reminder = Duration.seconds(600)

    private let sink: String
    private let logger: Logger
    private let state = Mutex(State())

    init(sink: String, logger: Logger) {
        self.sink = sink
        self.logger = logger
    }

    func failed(_ result: DeliveryResult, _ error: DeliveryFailure, shard: Int, at now: Timestamp) {
        let failures = state.withLock { state -> Int? in
            state.waiting[shard, default: []].insert(result.message.key)
            state.failures += 1
            state.began = state.began ?? now
            if let said = state.said, now.since(said) < Self.reminder { return nil }
            state.said = now
            return state.failures
        }
        guard let failures else { return }
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
        let ended = state.withLock { state -> State? in
            guard state.began != nil else { return nil }
            change(&state)
            guard state.waiting.values.allSatisfy(\.isEmpty) else { return nil }
            defer { state = State() }
            return state
        }
        guard let ended, let began = ended.began else { return }
        logger.notice(
            "outbox messages are delivered again",
            metadata: [
                "sink": "\(sink)", "failures": "\(ended.failures)", "after": "\(Int(now.since(began).seconds))s",
            ]
        )
    }
}
