import Analysis
import Judging

/// What else changed around a release.
struct OtherChangesForm: Codable {
    struct Ranked: Codable {
        var change: ChangeForm
        var at: Timestamp
        var relation: String
        var through: [String]?
        var score: Double?
    }

    var releaseAt: Timestamp
    var releaseScore: Double?
    var onset: Timestamp?
    var ranked: [Ranked]
    var further: Int?

    init(_ changes: OtherChanges) {
        releaseAt = changes.releaseAt
        releaseScore = changes.releaseScore
        onset = changes.onset
        ranked = changes.ranked.map { ranked in
            Ranked(
                change: ChangeForm(ranked.change.event),
                at: ranked.change.at,
                relation: ranked.relation.rawValue,
                through: ranked.through.isEmpty ? nil : ranked.through,
                score: ranked.score
            )
        }
        further = changes.further == 0 ? nil : changes.further
    }

    func value() throws(FormError) -> OtherChanges {
        var changes = OtherChanges(
            releaseAt: releaseAt,
            releaseScore: releaseScore,
            onset: onset,
            further: further ?? 0
        )
        for ranked in ranked {
            changes.ranked.append(
                RankedChange(
                    KnownChange(try ranked.change.value(), at: ranked.at),
                    relation: ChangeRelation(named: ranked.relation),
                    through: ranked.through ?? [],
                    score: ranked.score
                )
            )
        }
        return changes
    }
}
