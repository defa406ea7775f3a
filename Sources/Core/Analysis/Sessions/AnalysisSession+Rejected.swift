extension AnalysisSession {
    /// A session that ends before it begins, because its event has no plan or came too late. It still has a final
    /// verdict, so that a pipeline that waits for one gets the reason.
    package static func rejected(
        id: String,
        event: DeployEvent,
        ending: UndecidedEnding,
        receivedAt: Timestamp,
        openedAt: Timestamp? = nil,
        at now: Timestamp
    ) -> (session: AnalysisSession, verdict: Verdict) {
        let none = AnalysisPlan(
            name: event.planName ?? "none",
            judge: "none",
            schedule: AnalysisSchedule(interval: .seconds(60), lifetime: .seconds(60)),
            metrics: []
        )
        var session = AnalysisSession(id: id, event: event, plan: none, receivedAt: receivedAt, openedAt: openedAt)
        let verdict = session.reject(ending, at: now)
        return (session, verdict)
    }
}
