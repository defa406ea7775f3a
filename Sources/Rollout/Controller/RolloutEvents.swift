package import Analysis
import EventFormats
import Judging

/// Rollout events, written and read back. The ledger is rebuilt from them.
struct RolloutEvents: Sendable {
    /// The CloudEvents source of this controller's events.
    let source: String
    let actuator: String
    let now: @Sendable () -> Timestamp

    /// Attributes that the ledger is rebuilt from, beside the event's data. CloudEvents allows `a-z 0-9` only.
    private enum Attribute {
        static let openedAt = "analysisopenedat"
        static let decidedAt = "verdictdecidedat"
        static let kind = "verdictkind"
        /// A person's decision that the verdict is: `approve`, `abort`.
        static let decision = "verdictdecision"
    }

    private static let maximumReasonBytes = 2048

    func event(_ result: ActionResult) -> CloudEvent {
        let verdict = result.planned.verdict
        let action = RolloutAction(
            verdict: verdict,
            action: result.kind,
            outcome: result.outcome,
            actuator: actuator,
            reason: Self.bounded(result.reason),
            detail: result.detail.map(Self.bounded),
            at: now()
        )
        var event = RolloutEvent.encode(action, source: source)
        event.extensions[Attribute.openedAt] = verdict.openedAt.rfc3339
        event.extensions[Attribute.decidedAt] = verdict.decidedAt.rfc3339
        event.extensions[Attribute.kind] = verdict.kind.rawValue
        event.extensions[Attribute.decision] = verdict.decision?.kind.rawValue
        return event
    }

    /// Nil for what is no rollout event.
    ///
    /// - Parameter dryRun: whether what was only shown counts as answered.
    func read(_ event: CloudEvent, dryRun: Bool) -> LedgerEntry? {
        guard let action = try? RolloutEvent.decode(event) else { return nil }
        // Another controller with another target answers for itself.
        let isOwn = event.source == source && action.actuator == actuator
        let kind = event.extensions[Attribute.kind].flatMap { VerdictKind(rawValue: $0) } ?? .final
        let decidedAt = event.extensions[Attribute.decidedAt].flatMap { Timestamp(rfc3339: $0) }
        var entry = LedgerEntry(
            release: ReleaseIdentity(
                application: action.application,
                environment: action.environment,
                cluster: action.cluster,
                namespace: action.namespace
            )
        )
        // A final verdict that led to nothing may be that of a late event; see `RolloutLedger.note`.
        let counts = kind == .interim || action.action != .none
        if counts, let openedAt = event.extensions[Attribute.openedAt].flatMap({ Timestamp(rfc3339: $0) }) {
            entry.analysis = RolloutLedger.NewestAnalysis(
                session: action.session,
                version: action.version,
                revision: action.revision,
                openedAt: openedAt,
                decidedAt: decidedAt ?? openedAt,
                finalVerdict: kind == .final ? action.verdictID : nil,
                isPersons: event.extensions[Attribute.decision] != nil
            )
        }
        if isOwn, action.outcome != .dryRun || dryRun {
            entry.answer = RolloutLedger.Answer(verdict: action.verdictID, failedAt: action.failedAt)
        }
        if isOwn, let decidedAt, action.action.changesRelease, action.outcome == .done {
            entry.change = RolloutLedger.Change(session: action.session, kind: action.action, decidedAt: decidedAt)
        }
        return entry
    }

    private static func bounded(_ text: String) -> String {
        guard text.utf8.count > maximumReasonBytes else { return text }
        return String(decoding: text.utf8.prefix(maximumReasonBytes), as: UTF8.self) + "…"
    }
}

extension RolloutAction {
    /// When the action failed; nil when it did not. Names the failure that a retry is asked for.
    package var failedAt: Timestamp? { outcome == .failed ? at : nil }
}

/// What one rollout event adds to the ledger.
struct LedgerEntry: Sendable, Equatable {
    var release: ReleaseIdentity
    var analysis: RolloutLedger.NewestAnalysis?
    /// The verdict that is answered by it.
    var answer: RolloutLedger.Answer?
    /// What was done to the release.
    var change: RolloutLedger.Change?

    /// Whether it names a time that the ledger must not go by.
    func isFuture(at now: Timestamp) -> Bool {
        [analysis?.openedAt, analysis?.decidedAt, change?.decidedAt].contains { time in
            time.map { ClockTolerance.isFuture($0, at: now) } ?? false
        }
    }

    func restore(into ledger: inout RolloutLedger) {
        if let analysis { ledger.record(analysis, of: release) }
        if let answer { ledger.record(answer) }
        if let change { ledger.record(change, of: release) }
    }
}
