/// An annotation that says which action promoted a Rollout out of which step.
///
/// A promotion moves a Rollout to its next pause, so performing it twice would skip one. The mark is set before the
/// promotion; by it a repeat sees whether the Rollout has moved on since.
struct ArgoPromotionMark: Sendable, Equatable {
    static let annotation = "rollout.assay.dev/promoted"

    var action: String
    /// Nil where the strategy has no steps.
    var step: Int?

    init(action: String, step: Int?) {
        self.action = action
        self.step = step
    }

    init?(text: String) {
        guard let space = text.utf8.lastIndex(of: UInt8(ascii: " ")) else { return nil }
        action = String(text[..<space])
        let number = text[text.index(after: space)...]
        guard number != "-" else { return }
        guard let step = Int(number) else { return nil }
        self.step = step
    }

    var text: String { "\(action) \(step.map(String.init) ?? "-")" }
}
