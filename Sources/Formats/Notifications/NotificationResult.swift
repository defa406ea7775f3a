package import Analysis
import Judging

/// How an analysis stands, as routes name it.
package enum NotificationResult: String, Sendable, CaseIterable {
    /// It has begun. Only routes that name it ask for it.
    case started
    case pass
    case fail
    case marginal
    case inconclusive
    case errored
    case cancelled

    /// Those that analyses end with.
    package static let endings = Set(allCases).subtracting([.started])

    /// A status or a result that a newer version has made says nothing that is known here.
    package init(_ verdict: Verdict) {
        switch (verdict.status, verdict.result) {
        case (.completed, .pass): self = .pass
        case (.completed, .fail): self = .fail
        case (.completed, .marginal): self = .marginal
        case (.completed, .inconclusive), (.completed, .unknown), (.unknown, _): self = .inconclusive
        case (.errored, _): self = .errored
        case (.cancelled, _): self = .cancelled
        }
    }

    package var severity: NotificationSeverity {
        switch self {
        case .fail: .critical
        case .marginal, .inconclusive, .errored: .warning
        case .started, .pass, .cancelled: .info
        }
    }
}

/// How urgent a notification is.
package enum NotificationSeverity: String, Sendable, CaseIterable, Comparable {
    case info
    case warning
    case critical

    package static func < (one: Self, other: Self) -> Bool { one.rank < other.rank }

    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .critical: 2
        }
    }
}
