/// One check inside an analysis: which samples it uses and when it may read them.
package struct Look: Sendable, Equatable, Codable {
    /// 1-based.
    package var number: Int
    package var window: TimeWindow
    /// When the window's samples are expected to have arrived.
    package var due: Timestamp
    package var isLast: Bool

    package init(number: Int, window: TimeWindow, due: Timestamp, isLast: Bool) {
        self.number = number
        self.window = window
        self.due = due
        self.isLast = isLast
    }
}

/// All looks of a session, computed from its plan and the time of the deployment.
package struct LookSchedule: Sendable, Equatable {
    private let plan: AnalysisSchedule
    /// The first grid instant after the warm-up; samples after it count.
    package let start: Timestamp
    package let count: Int

    /// `deployedAt` is when the version began to receive traffic.
    package init(_ plan: AnalysisSchedule, deployedAt: Timestamp) {
        self.plan = plan
        start = TimeGrid(step: plan.step).ceiling(deployedAt + plan.warmup)
        let interval = max(1, plan.interval.milliseconds)
        count = Int(max(1, (plan.lifetime.milliseconds + interval - 1) / interval))
    }

    /// Look `number`, 1-based, clamped to the schedule.
    package func look(_ number: Int) -> Look {
        let number = min(max(1, number), count)
        let elapsed = min(Int64(number) * plan.interval.milliseconds, plan.lifetime.milliseconds)
        let end = start + .milliseconds(elapsed)
        let first = if case .sliding(let span) = plan.window { max(start, end - span) } else { start }
        return Look(
            number: number,
            window: TimeWindow(start: first, end: end),
            due: end + plan.delay,
            isLast: number == count
        )
    }

    /// The newest look that is due at `now`; nil while the session warms up.
    package func latestDue(at now: Timestamp) -> Look? {
        let elapsed = now.since(start + plan.delay).milliseconds
        let interval = max(1, plan.interval.milliseconds)
        let last = look(count)
        if now >= last.due { return last }
        return elapsed >= interval ? look(Int(min(elapsed / interval, Int64(count)))) : nil
    }

    /// When a held session stops waiting.
    package var deadline: Timestamp { look(count).due + plan.deadline }
}
