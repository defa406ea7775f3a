import Analysis
import Store

extension StoreChange {
    /// Notes how each session of the change differs from what it was; those not in `before` are new.
    mutating func addTransitions(from before: [AnalysisSession], at now: Timestamp, replica: String) {
        for session in opened + written.map(\.session) {
            transitions += SessionTransition.between(
                before.first { $0.id == session.id },
                session,
                verdicts: verdicts,
                at: now,
                replica: replica
            )
        }
    }
}
