import Judging

/// What is known about a version that asks to go on: whether a delivery tool may start, widen, finish or take back its
/// rollout.
///
/// Only the newest analysis of the release counts: one of another version that was opened since makes an older verdict
/// stale, whatever it said.
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
        /// Final verdicts decided longer ago do not count: the version may have been rolled out again without an event.
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

    /// - Parameters:
    ///   - newest: the newest analysis of the release, of whatever version.
    ///   - interim: the newest verdict of that analysis, where it is not final.
    ///   - isAnnounced: a deploy event of the release has come in and has no answer yet.
    ///   - isWithdrawn: the version was taken back since that analysis was opened.
    package init(
        of version: String,
        newest session: AnalysisSession?,
        interim: Verdict?,
        isAnnounced: Bool,
        isWithdrawn: Bool,
        terms: Terms,
        at now: Timestamp
    ) {
        self.version = version
        self.session = session
        (state, reason) =
            if isAnnounced {
                (.waiting, "a deploy event of this release has come in and has no analysis yet")
            } else if isWithdrawn {
                (.none, "the version was taken back after it had been deployed")
            } else if let session {
                Self.state(of: version, session, interim, terms, at: now)
            } else {
                (.none, "no deploy event has announced this release")
            }
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
        guard let final = session.finalVerdict else {
            let reason = session.hold?.reason ?? interim?.reason ?? "no look has been taken yet"
            return (.running(interim), reason)
        }
        guard terms.plansFromEvents || !final.isByPlanOfEvent else {
            return (.none, "its verdict is by a plan that came with the deploy event, which does not count here")
        }
        guard now.since(final.decidedAt) <= terms.maximumAge else {
            return (
                .none,
                "its verdict was decided at \(final.decidedAt), more than \(terms.maximumAge.compactText) ago"
            )
        }
        return (.decided(final), final.reason)
    }

    package func opens(for question: Question) -> Bool {
        switch (question, state) {
        case (.start, .none), (.start, .decided): !isOtherUnderWay
        case (.start, .waiting): false
        case (.start, .running): true
        case (.advance, .running(let verdict)): session?.hold == nil && verdict.map(Self.speaksForIt) ?? false
        case (.advance, .decided(let verdict)), (.promote, .decided(let verdict)): verdict.passes
        case (.rollBack, .decided(let verdict)): verdict.fails
        case (.advance, .none), (.advance, .waiting), (.promote, _), (.rollBack, _): false
        }
    }

    /// The newest analysis is about another version, and has not ended.
    private var isOtherUnderWay: Bool {
        session.map { $0.event.version != version && $0.finalVerdict == nil } ?? false
    }

    /// Something was compared, and nothing found so far speaks against the version. A marginal score does.
    private static func speaksForIt(_ verdict: Verdict) -> Bool {
        guard verdict.kind == .interim, verdict.status == .completed, verdict.hold == nil else { return false }
        if verdict.result == .pass { return true }
        // The sequential judge has compared, and goes on; the others say so where they could not judge.
        let compared = verdict.metrics.compactMap(\.judgement.sequential)
        return verdict.result == .inconclusive && !compared.isEmpty
            && !compared.contains { $0.environment?.isDegraded ?? false }
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
        kind == .final && status == .completed && !(hold.map { $0.cause.isOutage || !$0.cause.isKnown } ?? false)
    }
}
