package import Analysis
import Judging

/// Times before a release that nothing is learned from.
package struct UnlearnedTimes: Sendable, Hashable {
    /// The analyses of earlier releases that failed, and the warm-up of each: what a control shows then is not how it is
    /// when all is well.
    package var control: [TimeWindow] = []
    /// Beside these the time from a release that failed to the next one: the experiment may be what failed still.
    package var experiment: [TimeWindow] = []

    package init() {}

    /// - Parameter others: other releases of the same application.
    package init(before session: AnalysisSession, _ others: [AnalysisSession]) {
        for other in others {
            let verdict = other.finalVerdict
            let failed = verdict?.result == .fail ? verdict?.decidedAt : nil
            let warm = other.deployedAt + other.plan.schedule.warmup
            control.append(TimeWindow(start: other.deployedAt, end: failed ?? warm))
            guard failed != nil else { continue }
            let next = (others + [session]).map(\.deployedAt).filter { $0 > other.deployedAt }.min()
            experiment.append(TimeWindow(start: other.deployedAt, end: next ?? session.deployedAt))
        }
        experiment += control
    }
}
