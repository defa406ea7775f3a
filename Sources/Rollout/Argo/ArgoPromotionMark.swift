import Kubernetes

/// An annotation that says which action promoted a Rollout, and out of what.
///
/// A promotion moves a Rollout to its next pause, so performing it twice would skip one. The mark is set before the
/// promotion; by it a repeat sees whether the promotion has been performed since.
struct ArgoPromotionMark: Sendable, Equatable {
    /// What the promotion ends.
    enum Extent: String, Sendable, CaseIterable {
        /// A pause; the controller ends the step by itself, or goes on with it.
        case pause
        /// The step, with whatever is being measured in it.
        case step
    }

    static let annotation = "rollout.assay.dev/promoted"

    var action: String
    /// Nil where the strategy has no steps.
    var step: Int?
    var extent: Extent

    init(action: String, step: Int?, extent: Extent) {
        self.action = action
        self.step = step
        self.extent = extent
    }

    /// Nil for what is no mark.
    init?(text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count >= 3, let extent = words.last.flatMap({ Extent(rawValue: String($0)) }) else { return nil }
        let place = words[words.count - 2]
        if place != "-" {
            guard let step = Int(place) else { return nil }
            self.step = step
        }
        // An action's id may contain spaces.
        action = words.dropLast(2).joined(separator: " ")
        self.extent = extent
    }

    var text: String { "\(action) \(step.map(String.init) ?? "-") \(extent.rawValue)" }

    /// Whether the Rollout is past what the promotion was to end.
    func isFulfilled(by rollout: ArgoRollout) -> Bool {
        guard step == rollout.currentStepIndex else { return true }
        return extent == .pause && !rollout.hasPauseConditions
    }
}
