import Foundation

/// How well a change fits the faults by its time: the temporal correlation of Gandalf (Li et al., "Gandalf: An Intelligent,
/// End-To-End Analytics Service for Safe Deployment in Large-Scale Cloud Infrastructure", NSDI 2020, section 4).
///
///     ST = Σ w(i) ln((P(i) − B + 1) / (B + 1))   over the windows i in which P(i) > B
///
/// P(i) are votes: the faults within the i-th window after the change. B are vetoes: the faults before it, within the
/// longest window. The spatial correlation is the share of the nodes with faults that had the change. The change with
/// the largest product is blamed, and a score fades with its age.
///
/// Gandalf watches fleets for days. The windows here are its 1, 24 and 72 hours in minutes, and the whole time up to the
/// decision; the score fades by half in 24 minutes.
package enum BlameScore {
    static let weights = [0.4, 0.3, 0.2, 0.1]
    /// In units; the last window has no end.
    static let windows = [1, 24, 72]
    static let halfLife = 24.0

    /// - Parameter votes: of each window, the shortest first.
    package static func temporal(votes: [Int], vetoes: Int) -> Double {
        zip(weights, votes).reduce(0) { sum, window in
            let (weight, votes) = window
            guard votes > vetoes else { return sum }
            return sum + weight * log(Double(votes - vetoes + 1) / Double(vetoes + 1))
        }
    }

    /// A score that speaks against a change does not fade.
    static func faded(_ score: Double, byUnits age: Double) -> Double {
        score > 0 ? score * exp2(-max(0, age) / halfLife) : score
    }
}
