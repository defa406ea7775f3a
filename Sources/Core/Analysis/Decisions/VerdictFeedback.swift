import Judging

/// Whether a verdict was right, as a person sees it afterwards.
package struct VerdictFeedback: Sendable, Equatable {
    package enum Opinion: OpenEnumeration {
        case right
        case wrong
        /// A name that a newer version has made.
        case unknown(String)

        package static let allCases: [Opinion] = [.right, .wrong]

        package var rawValue: String {
            switch self {
            case .right: "right"
            case .wrong: "wrong"
            case .unknown(let name): name
            }
        }
    }

    /// Of the verdict.
    package var verdict: String
    package var opinion: Opinion
    package var actor: String
    /// In the person's words; nil where there are none.
    package var note: String?
    package var at: Timestamp

    package init(verdict: String, opinion: Opinion, actor: String, note: String?, at: Timestamp) {
        self.verdict = verdict
        self.opinion = opinion
        self.actor = actor
        self.note = note
        self.at = at
    }
}
