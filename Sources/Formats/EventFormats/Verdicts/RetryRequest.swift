package import Analysis

/// A verdict that is delivered again because an operator asks for its failed action again.
///
/// The request names the failure by its time, so that one failure is tried again once, however often the request is
/// sent or delivered.
package enum RetryRequest {
    /// The CloudEvents attribute with the time of the failure.
    package static let attribute = "assayretry"

    package static func event(_ verdict: CloudEvent, failedAt: Timestamp) -> CloudEvent {
        var event = verdict
        event.extensions[attribute] = failedAt.rfc3339
        return event
    }

    /// Nil for a verdict as it was published.
    package static func failure(namedBy event: CloudEvent) -> Timestamp? {
        event.extensions[attribute].flatMap { Timestamp(rfc3339: $0) }
    }
}
