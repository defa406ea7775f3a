import Analysis
import Engine
import Logging
import Synchronization
import Telemetry
import Text

/// Counts requests without a right token, and says so in the log: at once for the first one, and then once a minute with
/// their number, so that a caller who guesses cannot fill the log. What was sent is never written down.
final class RefusedTokens: Sendable {
    enum Reason: String, CaseIterable {
        case missing
        case wrong
    }

    private struct State {
        var unsaid = 0
        var saidAt: Timestamp?
        var pace = GuessPace()
    }

    private static let interval = Duration.seconds(60)

    private let state = Mutex(State())
    private let metrics: WebMetrics
    private let clock: any EngineClock
    private let logger: Logger

    init(_ metrics: WebMetrics, clock: any EngineClock, logger: Logger) {
        self.metrics = metrics
        self.clock = clock
        self.logger = logger
    }

    /// Waits until a wrong token may be answered.
    func pause() async throws {
        let now = clock.now()
        let time = state.withLock { $0.pace.answerTime(at: now) }
        if time > now { try await clock.sleep(until: time) }
    }

    func record(_ reason: Reason, path: String) {
        metrics.refusedTokens.add(1, reason.rawValue)
        let now = clock.now()
        let count: Int? = state.withLock { state in
            state.unsaid += 1
            if let last = state.saidAt, now.since(last) < Self.interval { return nil }
            defer { state.unsaid = 0 }
            state.saidAt = now
            return state.unsaid
        }
        guard let count else { return }
        logger.warning(
            "requests were refused for their token",
            metadata: ["requests": "\(count)", "last": "\(reason.rawValue)", "path": "\(path.excerpt(100))"]
        )
    }
}
