/// Which time that has passed is to be judged, of which sides.
package struct PastWindowRequest: Sendable, Equatable {
    /// What a deploy event would have said; `control` holds labels at most.
    package var event: DeployEvent
    /// When the samples of the experiment begin and end: nil to take the plan's time after the deployment, `event.time`.
    package var window: TimeWindow?
    /// The same of the control: nil for the experiment's time.
    package var controlWindow: TimeWindow?

    package init(event: DeployEvent, window: TimeWindow?, controlWindow: TimeWindow? = nil) {
        self.event = event
        self.window = window
        self.controlWindow = controlWindow
    }

    /// More steps are not asked for in one query.
    package static let mostSteps = AnalysisPlan.maximumSamplesPerWindow

    /// The analysis by a plan, as it would have opened then.
    package func analysis(by plan: AnalysisPlan, id: String, at now: Timestamp) throws(PlanError) -> PastAnalysis {
        var plan = plan
        var event = event
        let step = plan.schedule.step
        if let window {
            plan.schedule = try Self.schedule(of: window, in: plan)
            event.time = TimeGrid(step: step).ceiling(window.start) - plan.schedule.warmup
        }
        guard let deployed = event.time else {
            throw PlanError(field: "deployedAt", problem: "is required where the experiment has no start and end")
        }
        let lag = try lag(by: plan, deployed)
        if lag != .zero, plan.isSequential {
            try Self.compareWithPast(&event, lag, by: plan)
        } else if lag != .zero, event.control == nil {
            event.control = .labels(plan.scopes.labels(of: .experiment, for: event))
        }
        let past = PastAnalysis(
            session: AnalysisSession(id: id, event: event, plan: plan, receivedAt: deployed),
            controlLag: plan.isSequential ? .zero : lag
        )
        try Self.check(past, at: now)
        return past
    }

    /// The plan's, made as long as the window, in whole steps.
    private static func schedule(of window: TimeWindow, in plan: AnalysisPlan) throws(PlanError) -> AnalysisSchedule {
        try checkOrder(of: window, "experiment")
        var schedule = plan.schedule
        let start = TimeGrid(step: schedule.step).ceiling(window.start)
        let steps = max(0, window.end.since(start).milliseconds / max(1, schedule.step.milliseconds))
        guard steps > 0 else {
            throw PlanError(
                field: "experiment.end",
                problem: "the window holds no whole step of the plan (\(schedule.step.compactText))"
            )
        }
        guard steps <= Int64(mostSteps) else {
            throw PlanError(
                field: "experiment.end",
                problem:
                    "the window holds \(steps) steps of \(schedule.step.compactText); at most \(mostSteps) are judged"
            )
        }
        schedule.lifetime = schedule.step * Int(steps)
        // One look at least.
        schedule.interval = min(schedule.interval, schedule.lifetime)
        return schedule
    }

    private static func checkOrder(of window: TimeWindow, _ side: String) throws(PlanError) {
        guard window.end > window.start else {
            throw PlanError(field: "\(side).end", problem: "must be later than \(side).start")
        }
    }

    // MARK: - The control's time

    /// How much earlier the control's samples are, in whole steps.
    private func lag(by plan: AnalysisPlan, _ deployed: Timestamp) throws(PlanError) -> Duration {
        guard let controlWindow else { return .zero }
        try Self.checkOrder(of: controlWindow, "control")
        let schedule = plan.judgedSchedule
        let start = window?.start ?? LookSchedule(schedule, deployedAt: deployed).start
        let length = window?.duration ?? schedule.lifetime
        guard controlWindow.duration == length else {
            throw PlanError(
                field: "control.end",
                problem: "the window must be as long as the experiment's (\(length.compactText)), and is"
                    + " \(controlWindow.duration.compactText)"
            )
        }
        let step = max(1, schedule.step.milliseconds)
        let lag = start.since(controlWindow.start).milliseconds
        return .milliseconds((lag + step - 1).flooredDivision(by: step) * step)
    }

    /// The sequential judge takes both sides for the same time, or compares a release with its own past.
    private static func compareWithPast(
        _ event: inout DeployEvent,
        _ lag: Duration,
        by plan: AnalysisPlan
    ) throws(PlanError) {
        let experiment = plan.scopes.labels(of: .experiment, for: event)
        let isOwn = event.control == nil || plan.scopes.labels(of: .control, for: event) == experiment
        guard isOwn, lag > .zero else {
            throw PlanError(
                field: "control.start",
                problem:
                    "the judge \(plan.judge) compares both sides at the same time, or the experiment with its own past:"
                    + " give control an earlier time without labels, or labels without a time"
            )
        }
        event.control = .before(lag)
    }

    // MARK: - Checks

    private static func check(_ past: PastAnalysis, at now: Timestamp) throws(PlanError) {
        let (session, plan) = (past.session, past.session.plan)
        if let problem = plan.problems.first {
            throw PlanError(field: "plan", problem: "it cannot judge this window: \(problem)")
        }
        let steps = past.window.sampleCount(step: plan.schedule.step)
        guard steps <= mostSteps else {
            throw PlanError(
                field: "plan",
                problem: "its lifetime holds \(steps) steps; at most \(mostSteps) are judged: give a shorter window"
            )
        }
        for (side, window) in [("experiment", past.window), ("control", past.controlWindow)] {
            let settled = window.end + plan.schedule.delay
            guard window.end <= now else {
                throw PlanError(
                    field: "\(side).end",
                    problem: "the window ends at \(window.end), which has not passed yet"
                )
            }
            guard settled <= now else {
                throw PlanError(
                    field: "\(side).end",
                    problem: "samples of the window may arrive until \(settled) (the plan's delay): ask again then"
                )
            }
            guard window.start > Timestamp(milliseconds: 0) else {
                throw PlanError(field: "\(side).start", problem: "must be later than 1970")
            }
        }
        let isElsewhere = past.controlLag != .zero && !plan.isSequential
        if isElsewhere {
            let distance = abs(past.controlLag.milliseconds)
            let scopes = (
                plan.scopes.labels(of: .control, for: session.event),
                plan.scopes.labels(of: .experiment, for: session.event)
            )
            guard scopes.0 != scopes.1 || distance >= past.window.duration.milliseconds else {
                throw PlanError(
                    field: "control.start",
                    problem:
                        "the windows overlap, and both sides have the same labels: the series would be compared with"
                        + " themselves"
                )
            }
        } else if let problem = plan.problemOfEqualSides(in: session.event) {
            throw PlanError(field: "control", problem: problem)
        }
    }
}
