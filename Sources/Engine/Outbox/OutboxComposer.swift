package import Analysis
import EventFormats
import Judging
package import Notifications
package import Store
package import StoredFormats

/// Turns what a change says into the messages that leave the process, to the byte. Sinks that are not configured get
/// none.
package struct OutboxComposer: Sendable {
    private let sinks: Set<OutboxSink>
    private let encoding: VerdictMessageEncoding
    private let destinations: [NotificationDestination]
    private let annotations: AnnotationComposer
    private let pageURL: @Sendable (String) -> String?

    /// - Parameter pageURL: the page of a session that people are led to.
    package init(
        sinks: Set<OutboxSink>,
        encoding: VerdictMessageEncoding,
        destinations: [NotificationDestination] = [],
        pageURL: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.sinks = sinks
        self.encoding = encoding
        self.destinations = destinations
        annotations = AnnotationComposer(sinks: sinks, destinations: destinations, pageURL: pageURL)
        self.pageURL = pageURL
    }

    /// Adds the messages of a change to it: of the analyses that it begins, and of its verdicts, which say from here on what
    /// was asked of their analyses. A message that cannot be made undoes the change.
    ///
    /// - Parameter before: the analyses that it changes, as they were.
    package func addMessages(
        to change: inout StoreChange,
        from before: [AnalysisSession],
        at now: Timestamp
    ) throws(StoreError) {
        Self.tellRequests(in: &change)
        do throws(FormError) {
            for session in change.opened where session.phase != .finished {
                change.messages += try annotations.opened(session, at: now)
                change.messages += try started(session, at: now)
            }
            let sessions = change.opened + change.written.map(\.session)
            for session in sessions { change.messages += try annotations.stepped(session, from: before, at: now) }
            for verdict in change.verdicts {
                change.messages += try decided(verdict, in: sessions.first { $0.id == verdict.session })
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// A digest is made for an analysis with a verdict only; most that change have none.
    private static func tellRequests(in change: inout StoreChange) {
        for index in change.opened.indices { tellRequest(of: &change.opened[index], in: &change.verdicts) }
        for index in change.written.indices { tellRequest(of: &change.written[index].session, in: &change.verdicts) }
    }

    private static func tellRequest(of session: inout AnalysisSession, in verdicts: inout [Verdict]) {
        for index in verdicts.indices where verdicts[index].session == session.id {
            let digest = session.request.digest
            verdicts[index].requestDigest = digest
            if verdicts[index].kind == .final { session.tell(requestDigest: digest) }
        }
    }

    /// - Parameter session: the analysis that it is of, where it is at hand.
    package func decided(_ verdict: Verdict, in session: AnalysisSession? = nil) throws(FormError) -> [OutboxMessage] {
        let isFinal = verdict.kind == .final
        let (toTopic, toWebhook) = (sinks.contains(.verdicts), isFinal && sinks.contains(.webhook))
        var messages: [OutboxMessage] = []
        if toTopic || toWebhook {
            // Written once: both carry the same event.
            let payload = [UInt8](try VerdictForm.write(verdict))
            let event = encoding.event(of: verdict)
            if toTopic {
                messages.append(message(.verdicts, verdict, payload, VerdictMessageEncoding.record(of: event, verdict)))
            }
            if toWebhook {
                messages.append(message(.webhook, verdict, payload, VerdictMessageEncoding.request(of: event, verdict)))
            }
        }
        messages += try annotations.decided(verdict, in: session)
        return isFinal ? messages + (try notifications(verdict)) : messages
    }

    /// That an analysis has begun, for those whose routes ask for it.
    private func started(_ session: AnalysisSession, at now: Timestamp) throws(FormError) -> [OutboxMessage] {
        let concerned = destinations.filter { $0.takes(startOf: session) }
        guard !concerned.isEmpty else { return [] }
        return try notifications(NotificationForm(startOf: session, link: pageURL(session.id)), to: concerned, at: now)
    }

    private func notifications(_ verdict: Verdict) throws(FormError) -> [OutboxMessage] {
        let concerned = destinations.filter { $0.takes(verdict) }
        guard !concerned.isEmpty else { return [] }
        let form = NotificationForm(verdict, link: pageURL(verdict.session))
        return try notifications(form, to: concerned, at: verdict.decidedAt)
    }

    /// What is told is the same for every destination that it concerns. Those of one place are told in order.
    private func notifications(
        _ form: NotificationForm,
        to concerned: [NotificationDestination],
        at now: Timestamp
    ) throws(FormError) -> [OutboxMessage] {
        let payload = try form.bytes()
        return concerned.map { destination in
            OutboxMessage(
                sink: .notification(destination.name),
                id: form.verdict,
                key: form.release.keyText,
                payload: payload,
                createdAt: now
            )
        }
    }

    /// The final verdict once more for its readers, as the request to perform again the action that failed at a time; nil
    /// where verdicts have no sink. One failure is tried again once, however often that is asked for.
    package func retry(
        of verdict: Verdict,
        failedAt: Timestamp,
        at now: Timestamp
    ) throws(FormError) -> OutboxMessage? {
        guard sinks.contains(.verdicts) else { return nil }
        let event = encoding.event(of: verdict, retrying: failedAt)
        let payload = [UInt8](try VerdictForm.write(verdict))
        var message = message(.verdicts, verdict, payload, VerdictMessageEncoding.record(of: event, verdict))
        message.id += "/retry/\(failedAt.milliseconds)"
        message.createdAt = now
        return message
    }

    private func message(
        _ sink: OutboxSink,
        _ verdict: Verdict,
        _ payload: [UInt8],
        _ content: OutboxContent
    ) -> OutboxMessage {
        OutboxMessage(
            sink: sink,
            id: verdict.id,
            key: Self.key(of: verdict, to: sink),
            payload: payload,
            content: content,
            createdAt: verdict.decidedAt
        )
    }

    /// Verdicts of one key are published in order. On the topic it is the application, as in version 0.1.0: with another
    /// key, verdicts of one analysis that both versions worked on would go different ways, and overtake each other. The
    /// webhook gets one verdict of an analysis, and a release that it refuses holds up no other.
    private static func key(of verdict: Verdict, to sink: OutboxSink) -> String {
        sink == .verdicts ? verdict.application : verdict.release.keyText
    }

    /// What dashboards are told of an action, which names one of our analyses.
    package func performed(
        _ action: RolloutAction,
        by source: String,
        on session: AnalysisSession,
        at now: Timestamp
    ) throws(FormError) -> [OutboxMessage] {
        try annotations.performed(action, by: source, on: session, at: now)
    }

    /// Whether anything is told of actions.
    package var tellsActions: Bool { !annotations.isEmpty }
}
