/// What `assay emit` did.
package struct EmitReport: Sendable, Equatable, Encodable {
    /// The CloudEvents source of events for which none is given.
    package static let defaultSource = "/assay/emit"

    package var event: String
    package var source: String
    /// The session that the event opens; nil for a change that opens none.
    package var session: String?
    /// `sent` to a topic; `accepted` or `duplicate` as the service says.
    package var outcome: String
    /// The service that took the event.
    package var url: String?
    package var topic: String?
    package var partition: Int32?
    package var offset: Int64?

    package init(
        event: String,
        source: String,
        session: String?,
        outcome: String,
        url: String? = nil,
        topic: String? = nil,
        partition: Int32? = nil,
        offset: Int64? = nil
    ) {
        self.event = event
        self.source = source
        self.session = session
        self.outcome = outcome
        self.url = url
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }

    package var lines: [String] {
        var lines = ["event \(event)", session.map { "session \($0)" } ?? "a change: it opens no analysis"]
        if let topic, let partition, let offset {
            lines.append("sent to \(topic), partition \(partition), offset \(offset)")
        } else if let url {
            lines.append(outcome == "duplicate" ? "\(url) has the event already" : "taken in by \(url)")
        }
        return lines
    }
}
