/// What `assay emit` did.
struct EmitReport: Sendable, Equatable, Encodable {
    var event: String
    var source: String
    /// The session that the event opens.
    var session: String
    /// `sent` to a topic; `accepted` or `duplicate` as the service says.
    var outcome: String
    /// The service that took the event.
    var url: String?
    var topic: String?
    var partition: Int32?
    var offset: Int64?

    var lines: [String] {
        var lines = ["event \(event)", "session \(session)"]
        if let topic, let partition, let offset {
            lines.append("sent to \(topic), partition \(partition), offset \(offset)")
        } else if let url {
            lines.append(outcome == "duplicate" ? "\(url) has the event already" : "taken in by \(url)")
        }
        return lines
    }
}
