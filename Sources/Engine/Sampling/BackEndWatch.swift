package import Analysis
package import Logging
import Synchronization
import Telemetry

/// Whether the metrics back end answers, as the last question to it showed. One line is logged per outage, and one at its
/// end.
package final class BackEndWatch: Sendable {
    package enum State: Sendable, Equatable {
        /// Nothing has been asked yet.
        case unknown
        case up
        /// What is wrong, and since when.
        case away(String, since: Timestamp)
    }

    private let state = Mutex(State.unknown)
    /// Without credentials.
    private let address: String
    private let metrics: EngineMetrics
    private let logger: Logger

    package init(address: String, metrics: EngineMetrics, logger: Logger) {
        self.address = address
        self.metrics = metrics
        self.logger = logger
    }

    package var current: State { state.withLock { $0 } }

    /// Nil while it answers, or nothing has been asked.
    package var trouble: String? {
        guard case .away(let reason, let since) = current else { return nil }
        return "\(reason) (since \(since))"
    }

    /// Takes the outcome of a question; nil for an answer, if only to refuse the query.
    package func asked(_ failure: SamplingFailure?, at now: Timestamp) {
        let failure = failure?.holdCause == nil ? nil : failure
        let before = state.withLock { state in
            let before = state
            state =
                switch (failure, before) {
                case (nil, _): .up
                case (let failure?, .away(_, let since)): .away(failure.message, since: since)
                case (let failure?, _): .away(failure.message, since: now)
                }
            return before
        }
        metrics.backEndUp.set(failure == nil ? 1 : 0)
        switch (failure, before) {
        case (nil, .away(_, let since)):
            logger.info(
                "the metrics back end answers again",
                metadata: ["url": "\(address)", "awaySince": "\(since)"]
            )
        case (let failure?, .up), (let failure?, .unknown):
            logger.warning(
                "the metrics back end does not answer queries: analyses wait for it",
                metadata: ["url": "\(address)", "reason": "\(failure.message)"]
            )
        case (nil, _), (_?, .away): break
        }
    }

    /// Says once what answers.
    func found(_ identity: String) {
        logger.info("the metrics back end answers", metadata: ["url": "\(address)", "found": "\(identity)"])
    }
}
