/// How Argo Rollouts are acted on.
package struct ArgoRolloutOptions: Sendable, Equatable {
    /// For verdicts that name no namespace; without one those are refused.
    package var defaultNamespace: String?
    /// A promotion skips the remaining steps; else it leads to the next pause.
    package var promotesInFull: Bool
    /// Act on verdicts that name no revision, guarded by the resource version only.
    package var allowUnguarded: Bool
    /// How often a conflicting change by another client is answered by reading again at once.
    package var maximumConflicts: Int

    package init(
        defaultNamespace: String? = nil,
        promotesInFull: Bool = false,
        allowUnguarded: Bool = false,
        maximumConflicts: Int = 4
    ) {
        self.defaultNamespace = defaultNamespace
        self.promotesInFull = promotesInFull
        self.allowUnguarded = allowUnguarded
        self.maximumConflicts = max(0, maximumConflicts)
    }
}
