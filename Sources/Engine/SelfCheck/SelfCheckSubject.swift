package import Analysis
import Judging
import Store

/// A release whose version is taken for stable, and the time of it that is checked.
package struct SelfCheckSubject: Sendable {
    /// The analysis of a release that changed nothing, as it would have been. It is asked for its queries and its looks only;
    /// nothing ever handles an input of it, so that it comes to no verdict.
    let session: AnalysisSession
    /// Times that no noise is learned from, beside those of failed releases: that of the last release.
    let excluded: TimeWindow
    /// Where the stable version's series are looked for, in this order.
    let stable: [Side]
    /// The label that tells pods apart, and a query with series of all of them.
    let pods: (label: String, query: String)
    /// Of the pods, those that stand for the new version, 0 to 0.5.
    let share: Double

    package var release: ReleaseIdentity { session.event.release }
    package var alpha: Double { session.plan.sequential.alpha }
    /// The time whose samples are judged.
    package var window: TimeWindow { session.schedule.look(session.schedule.count).window }

    /// Time after the end of an analysis until its release counts as settled, beside the plan's warm-up.
    package static let settling = Duration.seconds(900)
    /// The part of the pods where the event declares no weight.
    private static let share = 0.25

    /// Nil where the plan cannot be checked, or the time since the release is not long enough yet.
    ///
    /// - Parameters:
    ///   - closed: the last analysis of its release.
    ///   - every: checks are so far apart at least, and end at its multiples.
    package init?(_ closed: AnalysisSession, every: Duration, at now: Timestamp) {
        guard let verdict = closed.finalVerdict, closed.phase == .finished, closed.plan.isSequential,
            closed.controlOffset == .zero, let pods = Self.pods(of: closed.plan)
        else { return nil }
        let plan = Self.checked(closed.plan)
        let schedule = plan.schedule
        // A check sees time that none has seen before it.
        let needed = schedule.warmup + schedule.lifetime
        let rounds = 1 + max(0, needed.milliseconds - 1) / max(1, every.milliseconds)
        let round = TimeGrid(step: every * Int(rounds)).floor(now - schedule.delay)
        let start = TimeGrid(step: schedule.step).floor(round) - needed
        let settled = verdict.decidedAt + schedule.warmup + Self.settling
        guard start >= settled else { return nil }
        var event = closed.event
        event.time = nil
        // Of the requests the parts have what the pods get: no share is declared.
        event.weight = nil
        session = AnalysisSession(id: closed.id, event: event, plan: plan, receivedAt: start)
        excluded = TimeWindow(start: closed.deployedAt, end: settled)
        stable = verdict.result == .pass ? [.experiment, .control] : [.control]
        self.pods = pods
        let weight = (closed.event.weight ?? 0) / 100
        share = weight > 0 && weight <= 0.5 ? weight : Self.share
    }

    private static func pods(of plan: AnalysisPlan) -> (label: String, query: String)? {
        for metric in plan.metrics where !metric.muted {
            guard let breakdown = metric.breakdown, case .pods = breakdown.purpose, !breakdown.requests.isEmpty
            else { continue }
            return (breakdown.label, breakdown.requests)
        }
        return nil
    }

    /// The plan without what says nothing about its judgement: metrics that never count, and what missing samples or an
    /// undecided end would make of a release.
    private static func checked(_ plan: AnalysisPlan) -> AnalysisPlan {
        var plan = plan
        plan.metrics = plan.metrics.filter { !$0.muted }
        for index in plan.metrics.indices where plan.metrics[index].noData == .fail {
            plan.metrics[index].noData = .hold
        }
        plan.sequential.undecided = .inconclusive
        return plan
    }
}
