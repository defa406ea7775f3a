import Analysis
package import EventFormats

/// What an event of the verdict topic, or of the service, holds.
package enum VerdictEventReading: Sendable, Equatable {
    case verdict(DeliveredVerdict)
    case skip(RecordSkip)
    /// Nothing that could be acted on. Code and sentence.
    case malformed(errorClass: String, reason: String)
}

package enum VerdictReader {
    package static func read(_ event: CloudEvent) -> VerdictEventReading {
        guard event.type == VerdictEvent.type else { return .skip(.unknownType) }
        do throws(CloudEventError) {
            let verdict = try VerdictEvent.decode(event)
            if let problem = problem(verdict) { return .malformed(errorClass: "badData", reason: problem) }
            return .verdict(
                DeliveredVerdict(
                    verdict,
                    reportURL: try VerdictEvent.reportURL(of: event),
                    retryOf: RetryRequest.failure(namedBy: event)
                )
            )
        } catch {
            return .malformed(errorClass: error.code.rawValue, reason: error.reason)
        }
    }

    private static let maximumIDBytes = 1024

    /// What the ledger would remember must be bounded; nil when it is.
    private static func problem(_ verdict: Verdict) -> String? {
        let ids = [("id", verdict.id), ("session", verdict.session)]
        let required = [
            ("application", verdict.application), ("environment", verdict.environment), ("version", verdict.version),
        ]
        let optional = [
            ("revision", verdict.revision), ("namespace", verdict.namespace), ("cluster", verdict.cluster),
            ("workload", verdict.workload),
        ].map { ($0.0, $0.1 ?? "") }
        let tooLong =
            ids.first { $0.1.utf8.count > maximumIDBytes }
            ?? (required + optional).first { $0.1.utf8.count > DeployEvent.maximumTextBytes }
        if let tooLong { return "The verdict's \(tooLong.0) is longer than is accepted." }
        let empty = (ids + required).first { $0.1.isEmpty }
        return empty.map { "The verdict's \($0.0) is empty." }
    }
}
