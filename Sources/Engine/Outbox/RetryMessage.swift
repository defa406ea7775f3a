package import Analysis
package import EventFormats
package import Store

/// A verdict in the outbox a second time, because its failed action is asked for again.
package enum RetryMessage {
    private static let mark = "/retry/"

    /// - Parameter message: that of the verdict itself.
    package static func make(_ message: OutboxMessage, failedAt: Timestamp, at now: Timestamp) -> OutboxMessage {
        var message = message
        // One failure is tried again once, however often that is asked for.
        message.id += mark + String(failedAt.milliseconds)
        message.createdAt = now
        // The mark is in the event: it is made from the verdict when it is delivered.
        message.content = nil
        return message
    }

    /// The event with the mark that its message's id asks for; any other event as it is.
    package static func marked(_ event: CloudEvent, _ messageID: String) -> CloudEvent {
        let prefix = event.id + mark
        guard messageID.hasPrefix(prefix), let time = Int64(messageID.dropFirst(prefix.count)) else { return event }
        return RetryRequest.event(event, failedAt: Timestamp(milliseconds: time))
    }
}
