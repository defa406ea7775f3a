import Judging

/// How an analysis ends that says nothing about the release: the verdict's status, its cause and its reason are made
/// from it.
package enum UndecidedEnding: Sendable, Equatable {
    /// A newer version was deployed, or the same one with another share of the traffic.
    case superseded(by: String, weight: Double? = nil, before: Double? = nil)
    /// The version was withdrawn, or a person ended the analysis; the text says how.
    case cancelled(String)
    /// The deploy event came too late; the text says how late.
    case expired(String)
    /// No plan is meant for the release; the text says why.
    case noPlan(String)
    /// The plan or the event is wrong; the text says what.
    case notJudgeable(String)
    /// Another change fits the faults better; the text says which.
    case otherChange(String)
    /// The deadline passed while metrics were waited for.
    case gaveUp(HoldCause, waiting: Duration, for: String)
    /// The samples of time that has passed could not be had; the text says why.
    case unanswered(HoldCause, String)

    package var status: VerdictStatus {
        switch self {
        case .superseded, .cancelled, .expired: .cancelled
        case .noPlan, .notJudgeable: .errored
        case .otherChange: .completed
        case .gaveUp(let cause, _, _): cause.isOutage ? .errored : .completed
        case .unanswered: .errored
        }
    }

    package var cause: UndecidedCause {
        switch self {
        case .superseded: .superseded
        case .cancelled: .cancelled
        case .expired: .expired
        case .noPlan: .noPlan
        case .notJudgeable: .notJudgeable
        case .otherChange: .otherChange
        case .gaveUp(let cause, _, _), .unanswered(let cause, _): UndecidedCause(cause)
        }
    }

    /// The cause, given what the look had: a side that has stopped reporting is told from one with few samples.
    func cause(of metrics: [MetricVerdict]) -> UndecidedCause {
        let isSilent = metrics.contains { $0.judgement.telemetry?.isNotReporting == true }
        return cause == .tooFewSamples && isSilent ? .notReporting : cause
    }

    /// One sentence for people. Nothing reads it but them.
    package var reason: String {
        switch self {
        case .superseded(let version, let weight?, let before?):
            "superseded: version \(version) was deployed with weight \(weight.readable) after weight \(before.readable)"
        case .superseded(let version, _, _): "superseded: version \(version) was deployed"
        case .cancelled(let how): "cancelled: \(how)"
        case .expired(let how): "expired: \(how)"
        case .noPlan(let why): "no plan: \(why)"
        case .notJudgeable(let what): "cannot be judged: \(what)"
        case .unanswered(_, let why): "the samples could not be had: \(why)"
        case .otherChange(let what): "not decided: \(what)"
        case .gaveUp(_, let time, let what): "gave up: still waiting \(time.compactText) after the last look: \(what)"
        }
    }
}
