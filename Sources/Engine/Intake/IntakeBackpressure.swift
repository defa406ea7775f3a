import Synchronization

/// Back-pressure: while the store has too large a backlog, intake stops; events stay on their topic, and HTTP answers 503.
package final class IntakeBackpressure: Sendable {
    /// Deploy events without an answer.
    static let maximumWaitingEvents = 50_000
    /// Messages of the outbox that have not been delivered.
    static let maximumWaitingMessages = 200_000

    private let reason = Mutex<String?>(nil)

    package init() {}

    /// Why nothing is taken in; nil when it is.
    package var closed: String? { reason.withLock { $0 } }

    /// Closes until the next reading.
    package func close(_ why: String) {
        reason.withLock { $0 = why }
    }

    /// Closes above the limits and opens again below half of them.
    package func set(waitingEvents: Int, waitingMessages: Int) {
        reason.withLock { reason in
            let parts = reason == nil ? 1 : 2
            if waitingEvents > Self.maximumWaitingEvents / parts {
                reason = "\(waitingEvents) deploy events wait for an answer"
            } else if waitingMessages > Self.maximumWaitingMessages / parts {
                reason = "\(waitingMessages) messages wait in the outbox"
            } else {
                reason = nil
            }
        }
    }
}
