import Judging

/// What is known about a version that asks to go on: whether a delivery tool may start, widen, finish or take back its
/// rollout.
///
/// Only the analysis of the version that was deployed last counts: it makes a verdict on an earlier one stale, whatever
/// that said.
package struct ReleaseGate: Sendable, Equatable {
    /// What a delivery tool asks before it acts.
    package enum Question: String, Sendable, CaseIterable {
        /// May the rollout begin: no other analysis of the release goes on.
        case start
        /// May the version have more traffic: it is looked at, and nothing was found against it.
        case advance
        /// May the version have all traffic: its analysis has passed.
        case promote
        /// Must the version be taken back: its analysis has failed.
        case rollBack = "rollback"
    }

    package enum State: Sendable, Equatable {
        /// No verdict that counts, and none to come.
        case none
        /// The deploy event has come in and waits for its analysis.
        case waiting
        /// The newest verdict is no final one; nil before the first look.
        case running(Verdict?)
        case decided(Verdict)
    }

    /// Which verdicts count.
    package struct Terms: Sendable, Equatable {
        /// Verdicts decided longer ago do not count: the version may have been rolled out again without an event.
        package var maximumAge: Duration
        /// Verdicts by a plan that came with the deploy event count too: its sender decided what passes.
        package var plansFromEvents: Bool
        /// The id of the deploy event that the analysis must be of; nil for any. A step of a rollout whose event was lost
        /// would else go by the verdict of an earlier step.
        package var event: String?

        package static let `default` = Terms(maximumAge: .seconds(86_400), plansFromEvents: false)

        package init(maximumAge: Duration, plansFromEvents: Bool, event: String? = nil) {
            self.maximumAge = maximumAge
            self.plansFromEvents = plansFromEvents
            self.event = event
        }
    }

    package let version: String
    package let state: State
    /// Why, in one sentence.
    package let reason: String
    /// The newest analysis of the release, of whatever version.
    package let session: AnalysisSession?
    private let isOtherUnderWay: Bool

    /// - Parameters:
    ///   - sessions: the release's newest analyses, of whatever version.
    ///   - beside: analyses that may be of the same workload, because one of both does not say where it is.
    ///   - interim: the newest verdict of the newest of them, where it is not final.
    ///   - isAnnounced: an event of the release has come in and has no answer yet.
    ///   - isWithdrawn: the version was taken back since, or that cannot be ruled out.
    package init(
        of version: String,
        among sessions: [AnalysisSession],
        beside: [AnalysisSession] = [],
        interim: Verdict?,
        isAnnounced: Bool,
        isWithdrawn: Bool,
        terms: Terms,
        at now: Timestamp
    ) {
        self.version = version
        session = Self.newest(of: sessions)
        isOtherUnderWay = (sessions + beside).contains { $0.event.version != version && $0.finalVerdict == nil }
        (state, reason) =
            if isAnnounced {
                (.waiting, "an event of this release has come in and has no answer yet")
            } else if isWithdrawn {
                (.none, "the version was taken back, or what is known of it was reset, after it had been deployed")
            } else if let session {
                Self.state(of: version, session, interim, terms, at: now)
            } else {
                (.none, "no deploy event has announced this release")
            }
    }

    /// That of the version deployed last: an event that came late is about an older one.
    package static func newest(of sessions: [AnalysisSession]) -> AnalysisSession? {
        sessions.max { ($0.deployedAt, $0.openedAt) < ($1.deployedAt, $1.openedAt) }
    }

    private static func state(
        of version: String,
        _ session: AnalysisSession,
        _ interim: Verdict?,
        _ terms: Terms,
        at now: Timestamp
    ) -> (State, String) {
        guard session.event.version == version else {
            return (.none, "the newest analysis of this release is about version \(session.event.version)")
        }
        if let event = terms.event, !session.isAbout(event) {
            return (.none, "the newest analysis of this release is about another deploy event than \(event)")
        }
        guard terms.plansFromEvents || session.event.inlinePlan == nil || session.finalVerdict?.decision != nil else {
            return (.none, "its analysis goes by a plan that came with the deploy event, which does not count here")
        }
        guard let final = session.finalVerdict else { return running(session, interim, terms, at: now) }
        guard now.since(final.decidedAt) <= terms.maximumAge else {
            return (.none, "its verdict was decided \(age(final, terms))")
        }
        return (.decided(final), final.reason)
    }

    private static func age(_ verdict: Verdict, _ terms: Terms) -> String {
        "at \(verdict.decidedAt), more than \(terms.maximumAge.compactText) ago"
    }

    private static func running(
        _ session: AnalysisSession,
        _ interim: Verdict?,
        _ terms: Terms,
        at now: Timestamp
    ) -> (State, String) {
        if let due = session.wakeAt, now.since(due) > max(session.plan.schedule.interval, overdue) {
            return (.running(nil), "its next look has been due since \(due)")
        }
        guard let interim else { return (.running(nil), session.hold?.reason ?? "no look has been taken yet") }
        guard now.since(interim.decidedAt) <= terms.maximumAge else {
            return (.running(nil), "its last look was decided \(age(interim, terms))")
        }
        return (.running(interim), session.hold?.reason ?? interim.reason)
    }

    /// A look that is later than this, and than the distance of two looks, is not only late.
    private static let overdue = Duration.seconds(30)

    package func opens(for question: Question) -> Bool {
        switch (question, state) {
        case (.start, .none), (.start, .decided): !isOtherUnderWay
        case (.start, .waiting): false
        case (.start, .running): true
        case (.advance, .running(let verdict?)):
            session.map { $0.hold == nil && Self.speaksForIt(verdict, $0.plan) } ?? false
        case (.advance, .decided(let verdict)), (.promote, .decided(let verdict)): verdict.passes
        case (.rollBack, .decided(let verdict)): verdict.fails
        case (.advance, _), (.promote, _), (.rollBack, _): false
        }
    }

    /// Something was compared, and nothing found so far speaks against the version. A marginal score does.
    private static func speaksForIt(_ verdict: Verdict, _ plan: AnalysisPlan) -> Bool {
        guard verdict.kind == .interim, verdict.status == .completed, verdict.hold == nil else { return false }
        guard plan.isSequential else { return verdict.result == .pass }
        let counted = verdict.metrics.map(\.judgement).filter { !$0.muted }
        let required = Set(plan.metrics.filter(plan.waits).map(\.name))
        return verdict.result != .fail && counted.contains { $0.sequential != nil }
            && counted.allSatisfy { metric in
                let isOpen = metric.awaitsComparison || metric.decidesNothing
                return !metric.speaksAgainst(plan.sequential) && !(required.contains(metric.name) && isOpen)
            }
    }
}

extension MetricJudgement {
    /// What holds a pass back by this metric, or may be the beginning of it.
    fileprivate func speaksAgainst(_ policy: SequentialPolicy) -> Bool {
        guard telemetry == nil, classification == .pass || classification == .undecided || classification == .nodata
        else { return true }
        guard let found = sequential else { return false }
        return CombinedEvidence.isHeldBack(by: found.harmEvidence)
            || found.split?.isWrong == true && !policy.passesWithWrongSplit
            || found.pods?.treatment == .held || found.newValues?.isHeld == true || found.strata?.isHeld == true
            || found.environment?.isDegraded == true
    }
}

extension AnalysisSession {
    /// The event opened it, or repeated its release.
    fileprivate func isAbout(_ event: String) -> Bool {
        ([self.event.identity] + (repeats ?? [])).contains { $0.id == event }
    }
}

extension Verdict {
    /// A final verdict for the version; never one that an outage of the metrics back end had its part in.
    fileprivate var passes: Bool { isFirm && result == .pass }
    fileprivate var fails: Bool { isFirm && result == .fail }

    private var isFirm: Bool {
        kind == .final && status == .completed && !(hold?.mayBeOutage ?? false)
    }
}
