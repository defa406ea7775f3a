package import Analysis

/// What is done about a verdict.
package typealias ActionKind = RolloutAction.Kind

/// How an action ended, as rollout events say it.
package typealias ActionOutcome = RolloutAction.Outcome

extension RolloutAction.Kind {
    /// Whether the action alters what receives traffic.
    package var changesRelease: Bool {
        switch self {
        case .promote, .advance, .abort: true
        case .hold, .none, .unknown: false
        }
    }
}
