package import Analysis

/// An action that was decided on and not yet performed.
package struct PlannedAction: Sendable, Equatable {
    package var kind: ActionKind
    /// Why, in one sentence.
    package var reason: String
    package var verdict: Verdict
    /// The page that shows the whole analysis.
    package var reportURL: String?

    package init(kind: ActionKind, reason: String, verdict: Verdict, reportURL: String? = nil) {
        self.kind = kind
        self.reason = reason
        self.verdict = verdict
        self.reportURL = reportURL
    }
}
