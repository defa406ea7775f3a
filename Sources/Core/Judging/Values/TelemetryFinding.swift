/// What the samples of a metric show of the sides themselves: one that does not report, or reports that it has no traffic.
package enum TelemetryFinding: OpenEnumeration {
    /// The side had samples and has none any more, in no metric of the plan, while the other side goes on.
    case controlNotReporting
    case experimentNotReporting
    /// The same of this metric alone: others of the side go on.
    case controlSeriesEnded
    case experimentSeriesEnded
    /// The side reports, and has no requests.
    case controlWithoutTraffic
    case experimentWithoutTraffic
    /// Neither side has requests.
    case withoutTraffic
    /// A name that a newer version has made.
    case unknown(String)

    package static let allCases: [TelemetryFinding] = [
        .controlNotReporting, .experimentNotReporting, .controlSeriesEnded, .experimentSeriesEnded,
        .controlWithoutTraffic, .experimentWithoutTraffic, .withoutTraffic,
    ]

    package var rawValue: String {
        switch self {
        case .controlNotReporting: "controlNotReporting"
        case .experimentNotReporting: "experimentNotReporting"
        case .controlSeriesEnded: "controlSeriesEnded"
        case .experimentSeriesEnded: "experimentSeriesEnded"
        case .controlWithoutTraffic: "controlWithoutTraffic"
        case .experimentWithoutTraffic: "experimentWithoutTraffic"
        case .withoutTraffic: "withoutTraffic"
        case .unknown(let name): name
        }
    }

    package var isNotReporting: Bool { self == .controlNotReporting || self == .experimentNotReporting }

    package var isWithoutTraffic: Bool {
        self == .controlWithoutTraffic || self == .experimentWithoutTraffic || self == .withoutTraffic
    }
}
