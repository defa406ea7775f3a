import Judging

/// How a change may reach a release.
package enum ChangeRelation: OpenEnumeration {
    /// It is of the same application.
    case application
    /// It is of what the application depends on.
    case dependency
    case nodes
    case zone
    case cluster
    /// A name that a newer version has made.
    case unknown(String)

    package static let allCases: [ChangeRelation] = [.application, .dependency, .nodes, .zone, .cluster]

    package var rawValue: String {
        switch self {
        case .application: "application"
        case .dependency: "dependency"
        case .nodes: "nodes"
        case .zone: "zone"
        case .cluster: "cluster"
        case .unknown(let name): name
        }
    }
}

/// A change that may have to do with what an analysis found.
package struct RankedChange: Sendable, Equatable {
    package var change: KnownChange
    package var relation: ChangeRelation
    /// The applications between the release and a dependency, the nearest first.
    package var through: [String]
    /// How well it fits the faults; nil where they could not be placed in time.
    package var score: Double?

    package init(_ change: KnownChange, relation: ChangeRelation, through: [String] = [], score: Double? = nil) {
        self.change = change
        self.relation = relation
        self.through = through
        self.score = score
    }
}

/// What else changed around a release that did not pass.
package struct OtherChanges: Sendable, Equatable {
    /// When the release was deployed.
    package var releaseAt: Timestamp
    /// How well the release itself fits the faults; nil where they could not be placed in time.
    package var releaseScore: Double?
    /// When the faults began.
    package var onset: Timestamp?
    /// The most likely first.
    package var ranked: [RankedChange]
    /// How many more there were.
    package var further: Int

    package init(
        releaseAt: Timestamp,
        releaseScore: Double? = nil,
        onset: Timestamp? = nil,
        ranked: [RankedChange] = [],
        further: Int = 0
    ) {
        self.releaseAt = releaseAt
        self.releaseScore = releaseScore
        self.onset = onset
        self.ranked = ranked
        self.further = further
    }

    /// Why a look decides nothing, in one sentence; nil where no change fits the faults better than the release does.
    var doubt: String? {
        guard let suspect, let score = suspect.score, let releaseScore else { return nil }
        return "\(suspect.change.event.subject) fits the faults better than this release"
            + " (blame \(score.formatted(decimals: 2)) against \(releaseScore.formatted(decimals: 2)))"
    }

    /// The change that fits the faults better than the release does.
    package var suspect: RankedChange? {
        guard let releaseScore, let first = ranked.first, let score = first.score, score > max(0, releaseScore) else {
            return nil
        }
        return first
    }
}
