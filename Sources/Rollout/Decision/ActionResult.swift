import Analysis

/// What became of a planned action.
package struct ActionResult: Sendable, Equatable {
    package var planned: PlannedAction
    /// What was done in the end: a promotion of a stale revision becomes `none`.
    package var kind: ActionKind
    package var outcome: ActionOutcome
    /// Why, in one sentence.
    package var reason: String
    /// What was changed, or what failed; nil where there is nothing to add.
    package var detail: String?
    /// How often the actuator was asked.
    package var attempts: Int

    package init(
        planned: PlannedAction,
        kind: ActionKind? = nil,
        outcome: ActionOutcome,
        reason: String? = nil,
        detail: String? = nil,
        attempts: Int = 0
    ) {
        self.planned = planned
        self.kind = kind ?? planned.kind
        self.outcome = outcome
        self.reason = reason ?? planned.reason
        self.detail = detail
        self.attempts = attempts
    }
}
