/// What is known about the releases of one application in one environment, and so what an event about them means,
/// in whatever order events arrive.
///
/// Time decides, not arrival: a version that began to receive traffic before a newer one is over, and a withdrawal that
/// arrives before the deployment it undoes still undoes it. Without a time in the event, arrival is its time.
package struct ReleaseTimeline: Sendable, Equatable, Codable {
    package struct Entry: Sendable, Equatable, Codable {
        package var version: String
        package var revision: String?
        /// When the version began to receive traffic, or was withdrawn.
        package var at: Timestamp
    }

    package enum Meaning: Sendable, Equatable {
        /// A new release: the analysis of every earlier one is over.
        case opens
        /// The release under analysis again, for example with another share of the traffic.
        case repeats
        /// It was replaced by a newer version before its event arrived.
        case late(newer: String)
        /// It was withdrawn before its event arrived.
        case withdrawn(at: Timestamp)
        /// The version is gone: its analysis, if there is one, is over.
        case withdraws
        /// A withdrawal of the newest version, which has been seen again since: it ends nothing.
        case outdated(since: Timestamp)
    }

    /// Withdrawals that are remembered, newest last.
    static let maximumWithdrawals = 16

    package private(set) var newest: Entry?
    package private(set) var withdrawals: [Entry] = []
    /// When the last analysis was opened.
    private var openedAt: Timestamp?

    package init() {}

    /// Takes an event in and says what it means. `analysed` are the releases whose analysis is not finished.
    package mutating func take(_ event: DeployEvent, receivedAt: Timestamp, analysed: [DeployEvent]) -> Meaning {
        let at = min(event.time ?? receivedAt, receivedAt)
        let entry = Entry(version: event.version, revision: event.revision, at: at)
        switch event.phase {
        case .cancelled:
            withdrawals.append(entry)
            withdrawals.sort { $0.at < $1.at }
            if withdrawals.count > Self.maximumWithdrawals { withdrawals.removeFirst() }
            if let newest, newest.version == event.version, newest.at > at { return .outdated(since: newest.at) }
            return .withdraws
        case .deployed:
            if analysed.contains(where: { event.isSameRelease(as: $0) }) {
                // It was still there at that time: what was deployed before is over.
                if let known = newest, known.version == event.version { newest?.at = max(known.at, at) }
                return .repeats
            }
            if let withdrawal = withdrawals.last(where: { $0.version == event.version && at <= $0.at }) {
                return .withdrawn(at: withdrawal.at)
            }
            if let newest, newest.at > at { return .late(newer: newest.version) }
            newest = entry
            return .opens
        }
    }

    /// The time of opening of an analysis whose event was received then: later than that of every analysis before it, so
    /// that whoever reads verdicts can tell by it which one is newer, whichever replica received which event first.
    package mutating func opening(receivedAt: Timestamp) -> Timestamp {
        let time = openedAt.map { max(receivedAt, $0 + .milliseconds(1)) } ?? receivedAt
        openedAt = time
        return time
    }

    /// Whether a withdrawal that happened at `time` ends the analysis of a release deployed at `deployedAt`.
    package static func ends(deployedAt: Timestamp, withdrawnAt time: Timestamp) -> Bool { deployedAt <= time }
}

extension DeployEvent {
    /// The same version, and not told apart by its revision.
    package func isSameRelease(as other: DeployEvent) -> Bool {
        version == other.version && (revision == nil || other.revision == nil || revision == other.revision)
    }
}
