package import Analysis
import Concurrency
package import Logging
import Synchronization
import Telemetry

/// Whether the metrics back end answers, as the last question to it showed. One line is logged when an
/// outage begins, one every ten minutes while it lasts, and one at its end.
package final class BackEndWatch: Sendable {
    package enum State: Sendable, Equatable {
        /// Nothing has been asked yet.
        case unknown
        case up
        /// What is wrong, and since when.
        case away(String, since: Timestamp)
    }

    private struct Course {
        var state = State.unknown
        /// When a query had no answer last.
        var queryFailed: Timestamp?
        var outage = Outage<Timestamp>()
    }

    private let course = Mutex(Course())
    /// Without credentials.
    private let address: String
    private let metrics: EngineMetrics
    private let logger: Logger

    package init(address: String, metrics: EngineMetrics, logger: Logger) {
        self.address = address
        self.metrics = metrics
        self.logger = logger
    }

    package var current: State { course.withLock { $0.state } }

    /// Nil while it answers, or nothing has been asked.
    package var trouble: String? {
        guard case .away(let reason, let since) = current else { return nil }
        return "\(reason) (since \(since))"
    }

    /// How long a query without an answer counts for more than a probe with one: a back end may answer what costs nothing, and
    /// nothing else.
    static let trustOfQueries = Duration.seconds(300)

    /// Takes the outcome of a question; nil for an answer, if only to refuse the query.
    package func asked(_ failure: SamplingFailure?, at now: Timestamp, isProbe: Bool = false) {
        let failure = failure?.holdCause == nil ? nil : failure
        let (notice, isUp) = course.withLock { course -> (Outage<Timestamp>.Notice?, Bool) in
            if !isProbe { course.queryFailed = failure == nil ? nil : now }
            if let failed = course.queryFailed, isProbe, failure == nil, now.since(failed) < Self.trustOfQueries {
                return (nil, false)
            }
            guard let failure else {
                course.state = .up
                return (course.outage.ended(at: now), true)
            }
            let notice = course.outage.failed(at: now)
            course.state = .away(failure.message, since: course.outage.began ?? now)
            return (notice, false)
        }
        metrics.backEndUp.set(isUp ? 1 : 0)
        let reason = failure?.message ?? ""
        switch notice {
        case .began:
            logger.warning(
                "the metrics back end does not answer queries: analyses wait for it",
                metadata: ["url": "\(address)", "reason": "\(reason)"]
            )
        case .lasts?:
            logger.warning(
                "the metrics back end still does not answer queries: analyses wait for it",
                metadata: notice?.metadata(and: ["url": "\(address)", "reason": "\(reason)"])
            )
        case .ended?:
            logger.notice("the metrics back end answers again", metadata: notice?.metadata(and: ["url": "\(address)"]))
        case nil: break
        }
    }

    /// Says once what answers.
    func found(_ identity: String) {
        logger.info("the metrics back end answers", metadata: ["url": "\(address)", "found": "\(identity)"])
    }
}
