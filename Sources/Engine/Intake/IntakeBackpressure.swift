import Analysis
import Synchronization
import Text

/// Back-pressure: while the store has too large a backlog, or is too large, intake stops; events stay on their topic, and
/// HTTP answers 503. Nothing is lost, and nothing that was taken in ends for it.
package final class IntakeBackpressure: Sendable {
    /// Deploy events without an answer.
    static let maximumWaitingEvents = 50_000
    /// Messages of the outbox that have not been delivered.
    static let maximumWaitingMessages = 200_000
    /// Events of one source that are held in the inbox: of those beyond, the records go to the dead-letter topic.
    static let maximumHeldEvents = 10_000

    /// What an operator may set.
    package struct Limits: Sendable {
        /// Analyses that have not ended, of all sources together.
        package var unfinishedAnalyses = 50_000
        /// Analyses of one event source that have not ended; nil for no limit.
        package var analysesPerSource: Int?
        /// Bytes of the store; nil for no limit.
        package var storeBytes: Int64?

        package init() {}
    }

    package let limits: Limits
    private let reason = Mutex<String?>(nil)
    private let held = Mutex<[String: Int]>([:])

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Why nothing is taken in; nil when it is.
    package var closed: String? { reason.withLock { $0 } }

    /// Says how many events are held, by source: of those sources that have as many analyses as they may.
    package func hold(_ events: [String: Int]) {
        held.withLock { $0 = events }
    }

    /// Why an event is not taken in, while others are; nil when it is. A caller over HTTP can send it again, while a record
    /// of Kafka must not keep those behind it waiting: it is taken in and held, as long as there are not too many of them.
    /// What may end an analysis is always taken in.
    func refusal(of event: DeployEvent, door: Door) -> IntakeRefusal? {
        guard event.phase == .deployed, let waiting = held.withLock({ $0[event.identity.source] }), waiting > 0,
            door == .http || waiting >= Self.maximumHeldEvents
        else { return nil }
        let most = limits.analysesPerSource.map { " (engine.maximumAnalysesPerSource is \($0))" } ?? ""
        return IntakeRefusal(
            reason: IntakeRefusal.sourceFull,
            message: "\(waiting) events of \(event.identity.source.excerpt()) wait until an analysis of that source has"
                + " ended\(most): send the event again later"
        )
    }

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
