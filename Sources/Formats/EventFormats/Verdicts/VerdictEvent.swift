package import Analysis
import JSON

/// The published form of a verdict: a CloudEvent whose data is `docs/events/verdict.schema.json`.
///
/// The data is made for readers in other languages and stays stable: camelCase, durations in seconds, RFC 3339 times,
/// `"NaN"`, `"Infinity"` and `"-Infinity"` where JSON has no number.
package enum VerdictEvent {
    package static let type = "dev.assay.verdict.v1"
    package static let maximumDataBytes = 262_144

    /// - Parameters:
    ///   - source: the CloudEvents source, for example `/assay/production`.
    ///   - reportURL: the page that shows the whole analysis.
    package static func encode(_ verdict: Verdict, source: String, reportURL: String?) -> CloudEvent {
        var extensions: [String: String] = [:]
        extensions["traceparent"] = verdict.traceparent
        return CloudEvent(
            id: verdict.id,
            source: source,
            type: type,
            subject: "\(verdict.application)/\(verdict.environment)",
            time: verdict.decidedAt,
            dataContentType: "application/json",
            extensions: extensions,
            data: VerdictData(verdict, reportURL: reportURL).bytes(atMost: maximumDataBytes)
        )
    }

    /// The verdict as it was given to `encode`, without what a bound made it leave out.
    package static func decode(_ event: CloudEvent) throws(CloudEventError) -> Verdict {
        try EventData.read(event, type: type) { (data) throws(JSONFieldError) in try VerdictData.read(data, of: event) }
    }

    /// The link to the report, where the event has one.
    package static func reportURL(of event: CloudEvent) throws(CloudEventError) -> String? {
        try EventData.read(event, type: type) { (data) throws(JSONFieldError) in
            try data.fields("links")?.text("report")
        }
    }
}
