import Judging

/// Why a final verdict says nothing about the release.
package enum UndecidedCause: OpenEnumeration {
    case unreachable
    case overloaded
    case partialData
    case noData
    case tooFewSamples
    /// All metrics were judged, and the judge found no answer in them.
    case judge
    /// What surrounds both sides is in trouble: the control against its own past, and the experiment with it.
    case environmentDegraded
    /// A side reports, and has no requests.
    case noTraffic
    /// A side had samples and has stopped reporting, in all metrics of the plan.
    case notReporting
    /// Another change fits the faults better than the release, and the plan has such a look decide nothing.
    case otherChange
    /// The plan or the event is wrong.
    case notJudgeable
    case noPlan
    /// A newer version was deployed.
    case superseded
    /// The version was withdrawn, or a person ended the analysis.
    case cancelled
    /// The deploy event came too late.
    case expired
    /// A name that a newer version has made.
    case unknown(String)

    package static let allCases: [UndecidedCause] = [
        .unreachable, .overloaded, .partialData, .noData, .tooFewSamples, .judge, .environmentDegraded, .noTraffic,
        .notReporting, .otherChange, .notJudgeable, .noPlan, .superseded, .cancelled, .expired,
    ]

    package var rawValue: String {
        switch self {
        case .unreachable: "unreachable"
        case .overloaded: "overloaded"
        case .partialData: "partialData"
        case .noData: "noData"
        case .tooFewSamples: "tooFewSamples"
        case .judge: "judge"
        case .environmentDegraded: "environmentDegraded"
        case .noTraffic: "noTraffic"
        case .notReporting: "notReporting"
        case .otherChange: "otherChange"
        case .notJudgeable: "notJudgeable"
        case .noPlan: "noPlan"
        case .superseded: "superseded"
        case .cancelled: "cancelled"
        case .expired: "expired"
        case .unknown(let name): name
        }
    }

    package init(_ cause: HoldCause) {
        self.init(named: cause.rawValue)
    }
}
