import Judging

/// What a person decided about an analysis, and so about its release.
package struct PersonDecision: Sendable, Equatable {
    package enum Kind: OpenEnumeration {
        /// The release passes, whatever the analysis found.
        case approve
        /// The release fails.
        case abort
        /// The analysis ends without an answer.
        case cancel
        /// A name that a newer version has made.
        case unknown(String)

        package static let allCases: [Kind] = [.approve, .abort, .cancel]

        package var rawValue: String {
            switch self {
            case .approve: "approve"
            case .abort: "abort"
            case .cancel: "cancel"
            case .unknown(let name): name
            }
        }
    }

    package var kind: Kind
    /// The name of the token that the decision came with.
    package var actor: String
    /// In the person's words.
    package var reason: String
    package var at: Timestamp

    package init(kind: Kind, actor: String, reason: String, at: Timestamp) {
        self.kind = kind
        self.actor = actor
        self.reason = reason
        self.at = at
    }

    /// Longer reasons are refused at the door.
    package static let maximumReasonBytes = 1000

    /// For the reason of a verdict.
    package var sentence: String {
        switch kind {
        case .approve: "approved by \(actor): \(reason)"
        case .abort: "aborted by \(actor): \(reason)"
        case .cancel: "by \(actor): \(reason)"
        case .unknown(let name): "\(name) by \(actor): \(reason)"
        }
    }
}

/// A decision as its analysis keeps it.
package struct KeptDecision: Sendable, Equatable {
    package var decision: PersonDecision
    /// Names the request, so that the same one again decides nothing again; nil where the caller gave no name.
    package var key: String?
    /// The id of the verdict that it led to.
    package var verdict: String

    package init(decision: PersonDecision, key: String?, verdict: String) {
        self.decision = decision
        self.key = key
        self.verdict = verdict
    }
}
