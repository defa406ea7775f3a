import Analysis
import StoredFormats

/// Why this version does not work on a row.
package enum SetAsideReason: String, Sendable, CaseIterable {
    /// An analysis that is damaged: it is tried again when a process starts.
    case unreadable
    /// An analysis or a deploy event of a form that a newer version made, and works on.
    case newerForm = "newer_form"
    /// An analysis by a judge that this version does not have.
    case unknownJudge = "unknown_judge"
    /// A deploy event that cannot be read: it is tried again when a process starts.
    case unreadableEvent = "unreadable_event"
}

/// What this version does not work on.
package struct SetAside: Sendable, Equatable {
    package struct Row: Sendable, Hashable {
        /// Of the analysis, or `source id` of the event.
        package var id: String
        package var reason: SetAsideReason
        /// One sentence; empty where the reason says it all.
        package var detail: String

        package init(id: String, reason: SetAsideReason, detail: String) {
            self.id = id
            self.reason = reason
            self.detail = detail
        }
    }

    package var counts: [SetAsideReason: Int]
    /// Some of them.
    package var rows: [Row]

    /// The most rows that are named.
    package static let maximumRows = 20

    package init(counts: [SetAsideReason: Int] = [:], rows: [Row] = []) {
        self.counts = counts
        self.rows = rows
    }
}

/// The rows of the table `sessions` that this version works on: not set aside, of a form that it reads, and by a judge
/// that it has. Rows that version 0.1.0 wrote say neither form nor judge.
enum WorkableRows {
    static let condition =
        "set_aside_at IS NULL AND (form IS NULL OR form <= \(KnownForms.session))"
        + " AND (judge IS NULL OR judge IN (\(judges)))"

    static let judges = KnownForms.judges.map { "'\($0.replacing("'", with: "''"))'" }.joined(separator: ", ")

    /// The reason for a row that `condition` leaves out, as SQL.
    static let reason = """
        CASE WHEN set_aside_at IS NOT NULL THEN 'unreadable'
            WHEN form > \(KnownForms.session) THEN 'newer_form'
            ELSE 'unknown_judge' END
        """

    /// Nil where this version can work on a session that it has read.
    static func problem(of session: AnalysisSession) -> String? {
        KnownForms.judges.contains(session.plan.judge) ? nil : "there is no judge \(session.plan.judge) in this version"
    }
}
