import Analysis
import EventFormats
import Kafka

/// Rollout events as records of the rollouts topic, written and read back.
struct RolloutRecords: Sendable {
    let topic: String
    /// The CloudEvents source of this controller's events.
    let source: String
    let actuator: String
    let now: @Sendable () -> Timestamp

    /// Attributes that the ledger is rebuilt from, beside the event's data. CloudEvents allows `a-z 0-9` only.
    private enum Attribute {
        static let openedAt = "analysisopenedat"
        static let decidedAt = "verdictdecidedat"
        static let kind = "verdictkind"
    }

    private static let maximumReasonBytes = 2048

    func message(_ result: ActionResult) -> KafkaMessage {
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
        let (value, headers) = CloudEventKafkaBinding.binary(event)
        return KafkaMessage(
            topic: topic,
            key: Array(verdict.application.utf8),
            value: value,
            headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) }
        )
    }

    /// Nil for a record that is no rollout event.
    ///
    /// - Parameter dryRun: whether what was only shown counts as answered.
    func read(_ record: KafkaRecord, dryRun: Bool) -> LedgerEntry? {
        do throws(CloudEventError) {
            let headers = record.headers.map { EventHeader(name: $0.key, value: $0.value) }
            let event = try CloudEventKafkaBinding.decode(value: record.value, headers: headers)
            let action = try RolloutEvent.decode(event)
            // Another controller with another target answers for itself.
            let isOwn = event.source == source && action.actuator == actuator
            let kind = event.extensions[Attribute.kind].flatMap { VerdictKind(rawValue: $0) } ?? .final
            var analysis: RolloutLedger.NewestAnalysis?
            // A final verdict that led to nothing may be that of a late event; see `RolloutLedger.note`.
            let counts = kind == .interim || action.action != .none
            if counts, let openedAt = event.extensions[Attribute.openedAt].flatMap({ Timestamp(rfc3339: $0) }) {
                analysis = RolloutLedger.NewestAnalysis(
                    session: action.session,
                    version: action.version,
                    revision: action.revision,
                    openedAt: openedAt,
                    decidedAt: event.extensions[Attribute.decidedAt].flatMap { Timestamp(rfc3339: $0) } ?? openedAt,
                    finalVerdict: kind == .final ? action.verdictID : nil
                )
            }
            return LedgerEntry(
                release: ReleaseKey(application: action.application, environment: action.environment),
                analysis: analysis,
                answered: isOwn && (action.outcome != .dryRun || dryRun) ? action.verdictID : nil
            )
        } catch {
            return nil
        }
    }

    private static func bounded(_ text: String) -> String {
        guard text.utf8.count > maximumReasonBytes else { return text }
        return String(decoding: text.utf8.prefix(maximumReasonBytes), as: UTF8.self) + "…"
    }
}

/// What one rollout event adds to the ledger.
struct LedgerEntry: Sendable, Equatable {
    var release: ReleaseKey
    var analysis: RolloutLedger.NewestAnalysis?
    /// The verdict that is answered by it.
    var answered: String?

    func restore(into ledger: inout RolloutLedger) {
        if let analysis { ledger.note(analysis, of: release) }
        if let answered { ledger.markAnswered(verdict: answered) }
    }
}
