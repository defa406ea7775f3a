/// An analysis of time that has passed: what a plan would have said of a release, or of any two sides. It is kept apart from
/// those of releases: nothing acts on what comes of it.
package struct PastAnalysis: Sendable, Equatable {
    /// As it would have opened at the deployment, and how it has ended.
    package var session: AnalysisSession
    /// How much earlier than the experiment's the control's samples are, beside what the session's event says; negative where
    /// they are later.
    package var controlLag: Duration
    /// The last interim verdict, if any, and the final one; empty before the end.
    package var verdicts: [Verdict]
    /// Every change of the session's state, oldest first.
    package var transitions: [SessionTransition]

    package init(
        session: AnalysisSession,
        controlLag: Duration = .zero,
        verdicts: [Verdict] = [],
        transitions: [SessionTransition] = []
    ) {
        self.session = session
        self.controlLag = controlLag
        self.verdicts = verdicts
        self.transitions = transitions
    }

    package var id: String { session.id }

    /// The time whose samples of the experiment are judged.
    package var window: TimeWindow {
        let schedule = session.schedule
        return TimeWindow(start: schedule.start, end: schedule.look(schedule.count).window.end)
    }

    /// The same of the control.
    package var controlWindow: TimeWindow { window.shifted(by: .zero - session.controlOffset - controlLag) }
}
