/// What is known about releases that follow one another, and so what an event about them means, in whatever order events
/// arrive.
///
/// Time decides, not arrival: a newer version replaces one that began to receive traffic before it, and a withdrawal that
/// arrives before the deployment it undoes still undoes it. Without a time in the event, arrival is its time.
package struct ReleaseTimeline: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package var version: String
        package var revision: String?
        /// When the version began to receive traffic, or was withdrawn.
        package var at: Timestamp
        /// Where a withdrawal counts; nil: everywhere.
        package var cluster: String?
        package var namespace: String?
        /// Its event brought a plan along.
        package var ownPlan: Bool

        package init(
            version: String,
            revision: String?,
            at: Timestamp,
            cluster: String? = nil,
            namespace: String? = nil,
            ownPlan: Bool = false
        ) {
            self.version = version
            self.revision = revision
            self.at = at
            self.cluster = cluster
            self.namespace = namespace
            self.ownPlan = ownPlan
        }
    }

    package enum Meaning: Sendable, Equatable {
        /// A new release: it ends the analysis of every earlier one.
        case opens
        /// The release under analysis again.
        case repeats
        /// It was replaced by a newer version before its event arrived.
        case late(newer: String)
        /// It was withdrawn before its event arrived.
        case withdrawn(at: Timestamp)
        /// The version was taken back: this ends its analysis, if there is one.
        case withdraws
        /// A withdrawal of the newest version, which has been seen again since: it ends nothing.
        case outdated(since: Timestamp)

        /// What is known already is none.
        var isNews: Bool {
            switch self {
            case .opens, .late, .withdrawn, .withdraws: true
            case .repeats, .outdated: false
            }
        }
    }

    /// Withdrawals that are remembered, newest last.
    static let maximumWithdrawals = 16

    package private(set) var newest: Entry?
    package private(set) var withdrawals: [Entry]
    /// When the last analysis was opened.
    package private(set) var openedAt: Timestamp?

    package init(newest: Entry? = nil, withdrawals: [Entry] = [], openedAt: Timestamp? = nil) {
        self.newest = newest
        self.withdrawals = withdrawals
        self.openedAt = openedAt
    }

    /// Applies an event and says what it means. `analysed` are the releases whose analysis is not finished.
    package mutating func apply(_ event: DeployEvent, receivedAt: Timestamp, analysed: [DeployEvent]) -> Meaning {
        let at = min(event.time ?? receivedAt, receivedAt)
        let own = event.inlinePlan != nil
        let entry = Entry(version: event.version, revision: event.revision, at: at, ownPlan: own)
        switch event.phase {
        case .cancelled:
            remember(entry)
            if let newest, newest.version == event.version, newest.at > at { return .outdated(since: newest.at) }
            return .withdraws
        case .deployed:
            if analysed.contains(where: { event.isRepeat(of: $0) }) {
                // It was still there at that time, and so replaced what was deployed before.
                if let known = newest, known.version == event.version { newest?.at = max(known.at, at) }
                return .repeats
            }
            if let withdrawal = withdrawals.last(where: { $0.version == event.version && at <= $0.at }) {
                return .withdrawn(at: withdrawal.at)
            }
            // An event with a plan of its own must not keep the operator's plan from judging.
            if let newest, newest.at > at, own || !newest.ownPlan { return .late(newer: newest.version) }
            newest = entry
            return .opens
        }
    }

    /// Corrects what names a time in the future, before an event that happened at `at` is applied: a clock that was wrong
    /// wrote it, and it would make every release late until that time has come. What is stored came in earlier, so it is
    /// taken to have happened no later than the event. Returns how much was corrected.
    mutating func correct(before at: Timestamp, now: Timestamp) -> Int {
        let withdrawn = withdrawals.count
        // One that came in before a deployment does not undo it.
        withdrawals.removeAll { ClockTolerance.isFuture($0.at, at: now) }
        var corrected = withdrawn - withdrawals.count
        if let known = newest, ClockTolerance.isFuture(known.at, at: now) {
            newest?.at = at
            corrected += 1
        }
        if let known = openedAt, ClockTolerance.isFuture(known, at: now) {
            openedAt = nil
            corrected += 1
        }
        return corrected
    }

    /// Remembers a withdrawal.
    mutating func remember(_ withdrawal: Entry) {
        guard !withdrawals.contains(withdrawal) else { return }
        withdrawals.append(withdrawal)
        withdrawals.sort { $0.at < $1.at }
        if withdrawals.count > Self.maximumWithdrawals { withdrawals.removeFirst() }
    }

    /// Whether a withdrawal that happened at or after that time may be one too many.
    func mayHaveForgotten(since time: Timestamp) -> Bool {
        withdrawals.count >= Self.maximumWithdrawals && withdrawals[0].at >= time
    }

    /// Takes over what `common` says about this release too.
    mutating func merge(_ common: ReleaseTimeline, of release: ReleaseIdentity) {
        if let other = common.newest, newest.map({ $0.at < other.at }) ?? true { newest = other }
        for withdrawal in common.withdrawals {
            var named = release
            named.cluster = withdrawal.cluster
            named.namespace = withdrawal.namespace
            if release.isMeant(by: named) { remember(withdrawal) }
        }
    }

    /// The time of opening of an analysis whose event was received then: later than that of every analysis before it, so
    /// that a reader of verdicts can tell by it which one is newer, no matter which replica received which event first.
    package mutating func opening(receivedAt: Timestamp) -> Timestamp {
        let time = openedAt.map { max(receivedAt, $0 + .milliseconds(1)) } ?? receivedAt
        openedAt = time
        return time
    }

    /// Whether a withdrawal that happened at `time` ends the analysis of a release deployed at `deployedAt`.
    package static func ends(deployedAt: Timestamp, withdrawnAt time: Timestamp) -> Bool { deployedAt <= time }
}

extension DeployEvent {
    /// The same release with the same share of the traffic, as far as both name one. With another share it is at a later
    /// step, about which what was measured before says nothing.
    package func isSameStep(as other: DeployEvent) -> Bool {
        isSameRelease(as: other) && (weight == nil || other.weight == nil || weight == other.weight)
    }

    /// Whether it only says again what is analysed. An event without a plan of its own wants the operator's, which an
    /// analysis by the plan of an event does not go by.
    package func isRepeat(of analysed: DeployEvent) -> Bool {
        isSameStep(as: analysed) && (inlinePlan != nil || analysed.inlinePlan == nil)
    }

    /// The same version, and not told apart by its revision.
    package func isSameRelease(as other: DeployEvent) -> Bool {
        version == other.version && (revision == nil || other.revision == nil || revision == other.revision)
    }
}
