package import Analysis
import Foundation
package import Store

/// Turns what a session says into the messages that leave the process. Sinks that are not configured get none.
package struct OutboxComposer: Sendable {
    private let sinks: Set<OutboxSink>

    package init(sinks: Set<OutboxSink>) {
        self.sinks = sinks
    }

    /// An annotation region begins when the analysis does.
    package func opened(_ session: AnalysisSession, at now: Timestamp) -> [OutboxMessage] {
        guard sinks.contains(.annotations) else { return [] }
        let marker = ReleaseMarker(opening: session, at: now)
        return [message(.annotations, id: marker.id, key: session.id, marker, at: now)]
    }

    package func decided(_ verdict: Verdict) -> [OutboxMessage] {
        var messages: [OutboxMessage] = []
        if sinks.contains(.verdicts) {
            messages.append(
                message(.verdicts, id: verdict.id, key: verdict.release.keyText, verdict, at: verdict.decidedAt)
            )
        }
        guard verdict.kind == .final else { return messages }
        if sinks.contains(.annotations) {
            let marker = ReleaseMarker(closing: verdict)
            messages.append(message(.annotations, id: marker.id, key: verdict.session, marker, at: verdict.decidedAt))
        }
        if sinks.contains(.webhook) {
            messages.append(
                message(.webhook, id: verdict.id, key: verdict.release.keyText, verdict, at: verdict.decidedAt)
            )
        }
        return messages
    }

    private func message(
        _ sink: OutboxSink,
        id: String,
        key: String,
        _ payload: some Encodable,
        at now: Timestamp
    ) -> OutboxMessage {
        // Domain values consist of encodable parts only, and non-finite numbers have a text.
        let bytes = (try? DomainJSON.encode(payload)).map { [UInt8]($0) } ?? []
        return OutboxMessage(sink: sink, id: id, key: key, payload: bytes, createdAt: now)
    }
}
