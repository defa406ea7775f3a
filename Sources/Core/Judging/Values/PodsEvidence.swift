/// What the pods of a metric show, where its plan asks for them.
package struct PodsEvidence: Sendable, Equatable, Codable {
    /// What became of the pod that stands out most.
    package enum Treatment: OpenEnumeration {
        /// It counts like the others.
        case counted
        /// The others show no harm: the metric neither fails nor passes.
        case held
        /// The metric is judged without it.
        case excluded
        /// A name that a newer version has made.
        case unknown(String)

        package static let allCases: [Treatment] = [.counted, .held, .excluded]

        package var rawValue: String {
            switch self {
            case .counted: "counted"
            case .held: "held"
            case .excluded: "excluded"
            case .unknown(let name): name
            }
        }
    }

    /// Pods of each side that have had requests.
    package var control: Int
    package var experiment: Int
    /// By how much healthy pods may differ: the standard deviation of their rates as a part of the mean.
    package var spread: Double
    /// It was assumed, and not measured.
    package var isAssumed: Bool
    /// The pods of the new version that stand out, the worst first, at most three; none where most of them do.
    package var outliers: [PodOutlier]
    package var treatment: Treatment

    package init(
        control: Int,
        experiment: Int,
        spread: Double,
        isAssumed: Bool,
        outliers: [PodOutlier] = [],
        treatment: Treatment = .counted
    ) {
        self.control = control
        self.experiment = experiment
        self.spread = spread
        self.isAssumed = isAssumed
        self.outliers = outliers
        self.treatment = treatment
    }
}

/// A pod of the new version that stands out against the whole control.
package struct PodOutlier: Sendable, Equatable, Codable {
    /// The value of the label.
    package var pod: String
    /// Its rate of events as a multiple of the control's at the same time; nil where the control had none.
    package var ratio: Double?
    package var totals: ExposureTotals

    package init(pod: String, ratio: Double?, totals: ExposureTotals) {
        self.pod = pod
        self.ratio = ratio
        self.totals = totals
    }
}

extension PodsEvidence {
    /// `1 of 4 pods, api-7d: 9.1 times the control`; nil where none stands out.
    package var sentence: String? {
        guard let worst = outliers.first else { return nil }
        let names = outliers.map(\.pod).joined(separator: ", ")
        let size =
            worst.ratio.map { "\($0.brief) times the control" }
            ?? "\(worst.totals.events.briefCount) of \(worst.totals.requests.briefCount) requests, and none of the control's"
        let end =
            switch treatment {
            case .held: ", and no harm without \(worst.pod): held (pods.onePod)"
            case .excluded: ", and \(worst.pod) is left out (pods.onePod)"
            case .counted, .unknown: ""
            }
        let most = outliers.count > 1 ? "up to " : ""
        return "\(outliers.count) of \(experiment) pods, \(names): \(most)\(size)\(end)"
    }
}
