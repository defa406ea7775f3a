package import Analysis
import Judging
package import Logging
package import Store
import Telemetry

/// Takes what people decide about analyses, and their opinions on verdicts: read, decided by the analysis' own rules, and
/// written in one transaction with the verdict and its messages.
///
/// The version of the row is the fence: of two decisions at once one is written first, and the other is decided again in the
/// light of it. An evaluation that is under way elsewhere loses.
package struct DecisionDesk: Sendable {
    /// A request, as the caller sent it.
    package struct Request: Sendable {
        package var session: String
        package var kind: PersonDecision.Kind
        package var actor: String
        package var reason: String
        /// Names the request, so that the same one again decides nothing again.
        package var key: String?
        /// The final verdict that the person knows; nil where the request does not say.
        package var seen: String?

        package init(
            session: String,
            kind: PersonDecision.Kind,
            actor: String,
            reason: String,
            key: String? = nil,
            seen: String? = nil
        ) {
            self.session = session
            self.kind = kind
            self.actor = actor
            self.reason = reason
            self.key = key
            self.seen = seen
        }
    }

    private let store: any Store
    private let composer: OutboxComposer
    private let outbox: OutboxSignals
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private let replica: String
    private let logger: Logger

    /// A row that goes on changing is one that engines evaluate; more attempts than this mean another trouble.
    private static let attempts = 20
    /// How many pages of analyses are looked through for a newer one.
    private static let pages = 50

    package init(
        store: any Store,
        composer: OutboxComposer,
        outbox: OutboxSignals,
        clock: any EngineClock,
        metrics: EngineMetrics,
        replica: String,
        logger: Logger
    ) {
        self.store = store
        self.composer = composer
        self.outbox = outbox
        self.clock = clock
        self.metrics = metrics
        self.replica = replica
        self.logger = logger
    }

    /// What becomes of a decision; nil where there is no such analysis.
    package func decide(_ request: Request) async throws(StoreError) -> DecisionOutcome? {
        let outcome = try await changing(request.session) { (session, change) throws(StoreError) in
            let before = session
            var replacement: String?
            // A running analysis ends when its version is replaced, and its row is the fence; an approval also waits for what
            // has come in.
            if session.finalVerdict != nil || request.kind == .approve {
                let release = session.event.release
                let history = try await store.history(of: release)
                replacement = try await self.replacement(of: session, history)
                change.expectation = StoreChange.Expectation(release: release, history: history)
            }
            let now = clock.now()
            let decision = PersonDecision(
                kind: request.kind,
                actor: request.actor,
                reason: request.reason,
                at: now
            )
            let outcome = session.decide(
                decision,
                key: request.key,
                seen: request.seen,
                replacement: replacement
            )
            guard case .decided(let verdict) = outcome else { return (outcome, false) }
            change.verdicts = [verdict]
            change.transitions = SessionTransition.between(
                before,
                session,
                verdicts: change.verdicts,
                at: now,
                replica: replica
            )
            return (outcome, true)
        }
        if case .decided(let verdict)? = outcome {
            metrics.decisions.add(1, request.kind.rawValue)
            logger.warning(
                "a person decided about an analysis",
                metadata: [
                    "session": "\(verdict.session)", "application": "\(verdict.application)",
                    "environment": "\(verdict.environment)", "version": "\(verdict.version)",
                    "decision": "\(request.kind.rawValue)", "by": "\(request.actor)", "reason": "\(request.reason)",
                    "verdict": "\(verdict.id)",
                ]
            )
        }
        return outcome
    }

    /// What became of an opinion on a final verdict.
    package enum FeedbackOutcome: Sendable, Equatable {
        case kept
        /// The caller said the same before.
        case unchanged
        /// There is no final verdict yet.
        case undecided
    }

    /// Keeps an opinion on the final verdict of an analysis; nil where there is no such analysis.
    package func keep(
        _ opinion: VerdictFeedback.Opinion,
        on id: String,
        actor: String,
        note: String?
    ) async throws(StoreError) -> FeedbackOutcome? {
        let outcome: (FeedbackOutcome, Verdict?)? = try await changing(id) { (session, change) throws(StoreError) in
            guard let verdict = session.finalVerdict else { return ((.undecided, nil), false) }
            let feedback = VerdictFeedback(
                verdict: verdict.id,
                opinion: opinion,
                actor: actor,
                note: note,
                at: clock.now()
            )
            guard session.keep(feedback) else { return ((.unchanged, verdict), false) }
            return ((.kept, verdict), true)
        }
        guard let (outcome, verdict) = outcome else { return nil }
        if outcome == .kept, let verdict { metrics.feedback.add(1, opinion.rawValue, verdict.result.rawValue) }
        return outcome
    }

    /// Reads an analysis, lets `body` change it, and writes it where it did; again from the beginning where it was
    /// written by another in between.
    private func changing<Outcome>(
        _ id: String,
        _ body: (inout AnalysisSession, inout StoreChange) async throws(StoreError) -> (Outcome, isChanged: Bool)
    ) async throws(StoreError) -> Outcome? {
        var attempt = 1
        while true {
            guard var stored = try await store.session(id: id) else { return nil }
            let before = stored.session
            var change = StoreChange()
            let (outcome, isChanged) = try await body(&stored.session, &change)
            guard isChanged else { return outcome }
            change.written = [stored]
            try composer.addMessages(to: &change, from: [before], at: clock.now())
            do throws(StoreError) {
                try await store.commit(change)
            } catch {
                guard error.code == .conflict, attempt < Self.attempts else { throw error }
                attempt += 1
                continue
            }
            metrics.count(change)
            if !change.messages.isEmpty { outbox.signal() }
            return outcome
        }
    }

    /// Why nothing may be decided about the version of an analysis, as things stand in the order in which they are read: what
    /// is known of the release first, by which the change is fenced; nil where it is the newest one.
    private func replacement(
        of session: AnalysisSession,
        _ history: ReleaseHistory
    ) async throws(StoreError) -> String? {
        let (release, version) = (session.event.release, session.event.version)
        let resets = try await store.releaseResets(newest: ReleaseReset.looked)
        if history.mayHaveLost(version, of: release, deployedAt: session.deployedAt, resets: resets) {
            return "version \(version) was taken back, or what is known of it was reset, after it had been deployed"
        }
        if let known = history.own.newest, known.version != version {
            return "version \(known.version) was deployed at \(known.at)"
        }
        if try await store.mayBeAnnounced(release) {
            return "an event of this release has come in and has no answer yet; decide when it has"
        }
        return try await newer(than: session)
    }

    /// The same by the analyses that were opened since the version was deployed, page by page: those of other clusters and
    /// namespaces are among them.
    private func newer(than session: AnalysisSession) async throws(StoreError) -> String? {
        let release = session.event.release
        var query = SessionQuery(
            application: release.application,
            environment: release.environment,
            cluster: release.cluster,
            namespace: release.namespace,
            since: session.deployedAt,
            limit: SessionQuery.maximumLimit
        )
        for _ in 0..<Self.pages {
            let page = try await store.sessions(query)
            for listed in page where listed.id != session.id {
                guard let other = listed.session else {
                    return "the analysis \(listed.id) cannot be read, and may be of this release"
                }
                guard other.event.release == release,
                    ReleaseGate.newest(of: [session, other])?.id == other.id
                else { continue }
                return "version \(other.event.version) was deployed at \(other.deployedAt)"
            }
            guard page.count == query.limit, let last = page.last else { return nil }
            query.after = SessionCursor(openedAt: last.openedAt, id: last.id)
        }
        return "more than \(Self.pages * SessionQuery.maximumLimit) analyses were opened since it was deployed"
    }
}
