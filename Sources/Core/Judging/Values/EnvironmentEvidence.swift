/// Both sides against the control's own past: whether what surrounds them is as it was before the release.
package struct EnvironmentEvidence: Sendable, Equatable, Codable {
    /// The control's rate of events of the latest units, in multiples of its rate before the release.
    package var ratio: Double
    /// The experiment's, in multiples of the same; nil while it has nothing.
    package var experimentRatio: Double?
    /// Both sides are in trouble, so that nothing is decided by a comparison of the two.
    package var isDegraded: Bool

    /// A larger one, as after a past without events, is shown as this one.
    package static let largestRatio = 1e6

    package init(ratio: Double, experimentRatio: Double? = nil, isDegraded: Bool) {
        self.ratio = ratio
        self.experimentRatio = experimentRatio
        self.isDegraded = isDegraded
    }

    /// What limits the claim of the metric; nil while the control is as it was.
    package var limit: String? {
        guard isDegraded else { return nil }
        let control =
            ratio < Self.largestRatio
            ? "the control itself is at \(ratio.brief) times its own past"
            : "the control itself had none before the release"
        let experiment =
            ratio < Self.largestRatio
            ? experimentRatio.map { ", and the experiment at \($0.brief) times that past" } ?? "" : ""
        return "environment-degraded: \(control)\(experiment), so nothing is decided by comparing the two"
    }
}
