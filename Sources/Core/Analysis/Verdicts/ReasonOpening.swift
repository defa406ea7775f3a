/// How the reason begins of a verdict that no judgement led to. What follows is for people.
package enum ReasonOpening: String, Sendable, CaseIterable {
    /// A newer version was deployed.
    case superseded
    /// The version was withdrawn.
    case cancelled
    /// The deploy event came too late.
    case expired
    case noPlan = "no plan"
    /// The plan or the event is wrong.
    case notJudgeable = "cannot be judged"
    /// The deadline passed while metrics were waited for.
    case gaveUp = "gave up"

    package func text(_ detail: String) -> String { "\(rawValue): \(detail)" }

    func begins(_ reason: String) -> Bool { reason.hasPrefix("\(rawValue): ") }
}
