package import Analysis
import EventFormats

/// What the controller remembers: verdicts already answered, the newest analysis of every release, and what was done last
/// to it.
///
/// A value without I/O. Bounded: what was not mentioned for longest is forgotten first.
package struct RolloutLedger: Sendable {
    /// The newest analysis that was seen of a release.
    package struct NewestAnalysis: Sendable, Equatable {
        package var session: String
        package var version: String
        package var revision: String?
        package var openedAt: Timestamp
        /// Of its last verdict that was seen.
        package var decidedAt: Timestamp
        /// The id of its final verdict, once there is one.
        package var finalVerdict: String?
        /// Whether that verdict is a person's decision.
        package var isPersons: Bool

        package init(
            session: String,
            version: String,
            revision: String?,
            openedAt: Timestamp,
            decidedAt: Timestamp,
            finalVerdict: String?,
            isPersons: Bool = false
        ) {
            self.session = session
            self.version = version
            self.revision = revision
            self.openedAt = openedAt
            self.decidedAt = decidedAt
            self.finalVerdict = finalVerdict
            self.isPersons = isPersons
        }

        package init(_ verdict: Verdict) {
            self.init(
                session: verdict.session,
                version: verdict.version,
                revision: verdict.revision,
                openedAt: verdict.openedAt,
                decidedAt: verdict.decidedAt,
                finalVerdict: verdict.kind == .final ? verdict.id : nil,
                isPersons: verdict.decision != nil
            )
        }
    }

    /// That the action of a verdict was published.
    package struct Answer: Sendable, Equatable {
        package var verdict: String
        /// When the action failed; nil when it did not.
        package var failedAt: Timestamp?

        package init(verdict: String, failedAt: Timestamp? = nil) {
            self.verdict = verdict
            self.failedAt = failedAt
        }
    }

    /// What was done last to a release, and about which verdict.
    package struct Change: Sendable, Equatable {
        package var session: String
        package var kind: ActionKind
        /// Of the verdict.
        package var decidedAt: Timestamp

        package init(session: String, kind: ActionKind, decidedAt: Timestamp) {
            self.session = session
            self.kind = kind
            self.decidedAt = decidedAt
        }
    }

    private var newest: RecentMap<ReleaseIdentity, NewestAnalysis>
    private var changes: RecentMap<ReleaseIdentity, Change>
    private var answers: RecentMap<String, Answer>

    package init(releaseCapacity: Int = 20_000, verdictCapacity: Int = 50_000) {
        newest = RecentMap(capacity: releaseCapacity)
        changes = RecentMap(capacity: releaseCapacity)
        answers = RecentMap(capacity: verdictCapacity)
    }

    package func newestAnalysis(of release: ReleaseIdentity) -> NewestAnalysis? { newest.peek(release) }

    package func hasAnswered(verdict id: String) -> Bool { answers.peek(id) != nil }

    /// Whether the answer to a verdict still is the failure of that time.
    package func hasFailed(verdict id: String, at time: Timestamp) -> Bool { answers.peek(id)?.failedAt == time }

    /// Remembers that the action of a verdict was published.
    package mutating func record(_ answer: Answer) {
        answers.set(answer.verdict, answer)
    }

    /// Remembers what was done to a release, unless something was done about a later verdict.
    package mutating func record(_ change: Change, of release: ReleaseIdentity) {
        if let known = changes.use(release), known.decidedAt > change.decidedAt { return }
        changes.set(release, change)
    }

    /// What was done to the release about a verdict of another analysis that was decided later.
    package func change(after verdict: Verdict) -> Change? {
        guard let known = changes.peek(verdict.release), known.session != verdict.session,
            known.decidedAt > verdict.decidedAt
        else { return nil }
        return known
    }

    /// Forgets what names a time in the future: it was remembered while a clock was wrong, and would make every verdict
    /// stale until that time. Returns whether there was any.
    @discardableResult
    package mutating func forgetFuture(of release: ReleaseIdentity, at now: Timestamp) -> Bool {
        var forgot = false
        if let known = newest.peek(release), ClockTolerance.isFuture(max(known.openedAt, known.decidedAt), at: now) {
            newest.remove(release)
            forgot = true
        }
        if let known = changes.peek(release), ClockTolerance.isFuture(known.decidedAt, at: now) {
            changes.remove(release)
            forgot = true
        }
        return forgot
    }

    /// Takes notice of the analysis that a verdict is about, and returns the one that it overtook.
    ///
    /// An analysis that was cancelled is never the newest one, unless it was before: it may be that of an older release
    /// whose event arrived late, and then the newer release's verdict still counts.
    @discardableResult
    package mutating func record(_ verdict: Verdict) -> NewestAnalysis? {
        let release = verdict.release
        guard verdict.status != .cancelled || newest.peek(release)?.session == verdict.session else { return nil }
        return record(NewestAnalysis(verdict), of: release)
    }

    /// Takes notice of an analysis, and returns the one that it overtook before that had a final verdict.
    ///
    /// Analyses are ordered by when they were opened, then by when they decided; between equals, the one that comes
    /// later is the newer one, because the topic keeps the order of an application.
    @discardableResult
    package mutating func record(_ analysis: NewestAnalysis, of release: ReleaseIdentity) -> NewestAnalysis? {
        guard var known = newest.use(release) else {
            newest.set(release, analysis)
            return nil
        }
        if known.session == analysis.session {
            // The first final verdict counts: a second one would contradict what was done already. Only a person decides
            // against it, and then the last decision counts.
            let isLater = analysis.isPersons && analysis.decidedAt > known.decidedAt
            if known.finalVerdict == nil || isLater, let final = analysis.finalVerdict {
                known.finalVerdict = final
                known.isPersons = analysis.isPersons
            }
            known.decidedAt = max(known.decidedAt, analysis.decidedAt)
            newest.set(release, known)
            return nil
        }
        guard !Self.isOlder(analysis, than: known) else { return nil }
        newest.set(release, analysis)
        return known.finalVerdict == nil ? known : nil
    }

    /// The analysis that makes a verdict stale; nil when the verdict is about the newest release.
    package func analysis(overtaking verdict: Verdict) -> NewestAnalysis? {
        guard let known = newest.peek(verdict.release), known.session != verdict.session,
            Self.isOlder(NewestAnalysis(verdict), than: known)
        else { return nil }
        return known
    }

    private static func isOlder(_ one: NewestAnalysis, than other: NewestAnalysis) -> Bool {
        one.openedAt == other.openedAt ? one.decidedAt < other.decidedAt : one.openedAt < other.openedAt
    }
}
