import Judging

/// Where the plan of an analysis comes from, and so who decided what passes.
package enum PlanOrigin: OpenEnumeration {
    /// The operator's directory of plans.
    case directory
    /// The deploy event, whose sender wrote it.
    case event
    /// A name that a newer version has made.
    case unknown(String)

    package static let allCases: [PlanOrigin] = [.directory, .event]

    package var rawValue: String {
        switch self {
        case .directory: "directory"
        case .event: "event"
        case .unknown(let name): name
        }
    }
}
