package import Judging

/// What a self-check came to. It says something about a plan and its metrics, and nothing about any release: there is no way
/// from here to a verdict.
package enum SelfCheckOutcome: Sendable, Equatable {
    /// The plan would have passed a release that changes nothing.
    case pass(look: Int)
    /// The plan would have failed it: a false alarm.
    case fail(SelfCheckFailure)
    /// The plan would have come to its end undecided.
    case inconclusive
    /// Nothing was checked.
    case skipped(SelfCheckSkip)

    /// As it is exported.
    package static let names = ["pass", "fail", "inconclusive", "skipped"]

    package var name: String {
        switch self {
        case .pass: "pass"
        case .fail: "fail"
        case .inconclusive: "inconclusive"
        case .skipped: "skipped"
        }
    }
}

/// Which metric would have failed a release that changes nothing, and when.
package struct SelfCheckFailure: Sendable, Equatable {
    package var metric: String
    /// What the part of the pods that stood for a new version has against the others; nil where that is not known.
    package var effect: RatioEstimate?
    package var look: Int
    /// In one sentence, of the judge.
    package var evidence: String

    package init(metric: String, effect: RatioEstimate?, look: Int, evidence: String) {
        self.metric = metric
        self.effect = effect
        self.look = look
        self.evidence = evidence
    }
}

/// Why nothing was checked.
package enum SelfCheckSkip: String, Sendable, Equatable, CaseIterable {
    /// Fewer pods were there all the time than can be divided.
    case tooFewPods = "too_few_pods"
    /// A metric has no samples for a part of the pods: its series may not have the label.
    case noData = "no_data"
    /// The metrics back end does not answer, or not completely.
    case backEnd = "back_end"
    /// Analyses have kept the back end busy.
    case busy
    /// A query cannot be asked for a part of the pods, or the back end refuses it so.
    case query
    /// The answers are larger than a check may hold.
    case tooLarge = "too_large"
    /// The store does not answer.
    case store
}

extension SelfCheckSkip {
    init(_ obstacle: BackgroundObstacle) {
        switch obstacle {
        case .backEnd: self = .backEnd
        case .busy: self = .busy
        case .tooLarge: self = .tooLarge
        }
    }
}
