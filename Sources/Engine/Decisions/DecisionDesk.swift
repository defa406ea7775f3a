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
    /// How many of the newest analyses of a release are looked through.
    private static let analyses = 100

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
            let replacement = session.finalVerdict == nil ? nil : try await self.replacement(of: session)
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

    /// Why the version of an analysis is not the newest one of its release any more; nil where it is.
    private func replacement(of session: AnalysisSession) async throws(StoreError) -> String? {
        let release = session.event.release
        let query = SessionQuery(
            application: release.application,
            environment: release.environment,
            cluster: release.cluster,
            namespace: release.namespace,
            limit: Self.analyses
        )
        let analyses = try await store.sessions(query).compactMap(\.session).filter { $0.event.release == release }
        if let newest = ReleaseGate.newest(of: analyses), newest.id != session.id {
            return "version \(newest.event.version) was deployed at \(newest.deployedAt)"
        }
        let history = try await store.history(of: release)
        let version = session.event.version
        guard history.mayHaveWithdrawn(version, of: release, since: session.deployedAt) else { return nil }
        return "version \(version) was taken back after it had been deployed"
    }
}
