import Glibc

/// How many steps it takes to show harm of a metric that votes step by step, when every step is worse.
package enum VotePlan {
    /// Nil where not even `most` steps are enough.
    ///
    /// - Parameters:
    ///   - alpha: the metric's part of the level.
    ///   - most: the steps of the analysis.
    package static func fewestSteps(alpha: Double, most: Int) -> Int? {
        guard alpha > 0, alpha < 1, most > 0, let rule = try? GaugeRule(plannedSteps: most) else { return nil }
        var state = GaugeState(rule)
        for step in 1...min(most, largestCount) {
            state.fold(GaugeStep(control: 1, experiment: 2))
            if state.evidence(level: nil).logFail >= -log(alpha) { return step }
        }
        return nil
    }

    /// Beyond so many steps nothing changes any more.
    private static let largestCount = 200
}
