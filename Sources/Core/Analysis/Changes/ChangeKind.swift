import Judging

/// What a change changes.
package enum ChangeKind: OpenEnumeration {
    /// A version of an application.
    case service
    /// Settings of an application that runs on.
    case config
    /// A feature flag.
    case flag
    /// What an application reads and did not write: a model, a catalogue, a list.
    case data
    /// Tables and topics.
    case schema
    /// What applications run on: nodes, networks, clusters.
    case infrastructure
    /// A name that a newer version has made.
    case unknown(String)

    package static let allCases: [ChangeKind] = [.service, .config, .flag, .data, .schema, .infrastructure]

    package var rawValue: String {
        switch self {
        case .service: "service"
        case .config: "config"
        case .flag: "flag"
        case .data: "data"
        case .schema: "schema"
        case .infrastructure: "infrastructure"
        case .unknown(let name): name
        }
    }
}
