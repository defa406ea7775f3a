import Synchronization

/// Back-pressure: while the store has too large a backlog, or is too large, intake stops; events stay on their topic, and
/// HTTP answers 503. Nothing is lost, and nothing that was taken in ends for it.
package final class IntakeBackpressure: Sendable {
    /// Deploy events without an answer.
    static let maximumWaitingEvents = 50_000
    /// Messages of the outbox that have not been delivered.
    static let maximumWaitingMessages = 200_000

    /// What an operator may set.
    package struct Limits: Sendable {
        /// Analyses that have not ended, of all sources together.
        package var unfinishedAnalyses = 50_000
        /// Bytes of the store; nil for no limit.
        package var storeBytes: Int64?

        package init() {}
    }

    package let limits: Limits
    private let reason = Mutex<String?>(nil)

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Why nothing is taken in; nil when it is.
    package var closed: String? { reason.withLock { $0 } }

    /// Closes until the next reading.
    package func close(_ why: String) {
        reason.withLock { $0 = why }
    }

    /// Closes above the limits. Opens again below half of what waits, and below nine tenths of what is there: analyses
    /// end, and rows expire, by and by.
    package func set(
        waitingEvents: Int,
        waitingMessages: Int,
        unfinishedAnalyses: Int = 0,
        storeBytes: Int64 = 0
    ) {
        reason.withLock { reason in
            let isOpen = reason == nil
            let parts = isOpen ? 1 : 2
            let tenths = isOpen ? 10 : 9
            if waitingEvents > Self.maximumWaitingEvents / parts {
                reason = "\(waitingEvents) deploy events wait for an answer"
            } else if waitingMessages > Self.maximumWaitingMessages / parts {
                reason = "\(waitingMessages) messages wait in the outbox"
            } else if unfinishedAnalyses > limits.unfinishedAnalyses * tenths / 10 {
                reason =
                    "\(unfinishedAnalyses) analyses have not ended; engine.maximumAnalyses is \(limits.unfinishedAnalyses)"
            } else if let most = limits.storeBytes, storeBytes > most / 10 * Int64(tenths) {
                reason = "the store has \(storeBytes) bytes; database.maximumBytes is \(most)"
            } else {
                reason = nil
            }
        }
    }
}
