package import Analysis
import Judging

/// What else changed around a release that did not pass, in words.
package struct ChangesReport: Sendable, Equatable, Codable {
    package struct Change: Sendable, Equatable, Codable {
        /// `the configuration of checkout, retries 3`
        package var what: String
        /// `3 min after this release`
        package var when: String
        /// `of the same application`
        package var relation: String
        package var at: Timestamp
        /// How well it fits the faults by its time; nil where they could not be placed in time.
        package var score: Double?
        /// How likely that makes it, beside the release.
        package var likelihood: String

        /// One sentence.
        package var text: String {
            let score = score.map { ", blame \($0.formatted(decimals: 2))" } ?? ""
            return "\(what), \(when), \(relation)\(score): \(likelihood)"
        }
    }

    /// How well the release itself fits them.
    package var releaseScore: Double?
    /// The most likely first.
    package var changes: [Change]
    /// How many more there were.
    package var further: Int
    /// All of it in one sentence.
    package var summary: String

    package init(_ changes: OtherChanges) {
        releaseScore = changes.releaseScore
        self.changes = changes.ranked.map { ranked in
            Change(
                what: ranked.change.event.subject,
                when: Self.when(ranked.change.at, changes.releaseAt),
                relation: Self.relation(ranked),
                at: ranked.change.at,
                score: ranked.score,
                likelihood: Self.likelihood(ranked.score, beside: changes.releaseScore)
            )
        }
        further = changes.further
        summary = Self.summary(changes)
    }

    /// All of it, and a line for each change; none where nothing changed.
    package var lines: [String] {
        changes.isEmpty
            ? [] : [summary] + changes.map(\.text) + (further > 0 ? ["and \(further) less likely changes"] : [])
    }

    private static func summary(_ changes: OtherChanges) -> String {
        guard let first = changes.ranked.first else { return "nothing else is known to have changed" }
        let count = changes.ranked.count + changes.further
        let others = count == 1 ? "1 other change" : "\(count) other changes"
        guard let release = changes.releaseScore, let score = first.score else {
            return "\(others); since when the metrics differ is not known, so none can be ruled out by its time"
        }
        let onset = changes.onset.map { ", which began at \(ReadableSample.time($0))Z" } ?? ""
        let scores = "blame \(score.formatted(decimals: 2)) against \(release.formatted(decimals: 2))"
        return changes.suspect == nil
            ? "\(others); by the time none fits the faults\(onset), better than this release (\(scores))"
            : "\(others); \(first.change.event.subject) fits the faults\(onset), better than this release (\(scores))"
    }

    private static func when(_ at: Timestamp, _ deployedAt: Timestamp) -> String {
        let distance = at.since(deployedAt)
        if distance == .zero { return "together with this release" }
        let length = ReadableSample.duration(.milliseconds(abs(distance.milliseconds)))
        return distance > .zero ? "\(length) after this release" : "\(length) before this release"
    }

    private static func relation(_ ranked: RankedChange) -> String {
        switch ranked.relation {
        case .application: "of the same application"
        case .dependency:
            ranked.through.isEmpty
                ? "which it depends on" : "which it depends on through \(ranked.through.joined(separator: ", "))"
        case .nodes: "on the same nodes"
        case .zone: "in the same zone"
        case .cluster: "in the same cluster"
        case .unknown(let name): name
        }
    }

    private static func likelihood(_ score: Double?, beside release: Double?) -> String {
        guard let score, let release else { return "may have to do with it" }
        if score <= 0 { return "hardly has to do with it" }
        if score > max(0, release) { return "more likely than this release" }
        return score >= release * closeShare ? "nearly as likely as this release" : "less likely than this release"
    }

    /// Scores that differ by less are close.
    private static let closeShare = 0.8
}
