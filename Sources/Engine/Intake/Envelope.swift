package import Analysis
package import EventFormats

/// A way by which events come in.
package enum Door: String, Sendable, CaseIterable {
    case kafka
    case http

    /// How an event is carried there.
    func binding(value: [UInt8]?, headers: [EventHeader], limits: EventLimits) throws(CloudEventError) -> CloudEvent {
        switch self {
        case .kafka: try CloudEventKafkaBinding.decode(value: value, headers: headers, limits: limits)
        case .http: try CloudEventHTTPBinding.decode(headers: headers, body: value ?? [], limits: limits)
        }
    }

    /// Whether a header belongs to the event, and not to the way that it took.
    func belongsToEvent(_ header: EventHeader) -> Bool {
        let name = header.name.lowercased()
        switch self {
        case .kafka: return name.hasPrefix("ce_") || name == "content-type"
        case .http: return name.hasPrefix("ce-") || name == "content-type"
        }
    }
}

/// What stands at a door, before anything of it is read.
package struct Envelope: Sendable, Equatable {
    package var door: Door
    /// Whose message it is; nil for a CloudEvent.
    package var hook: HookFormat?
    package var headers: [EventHeader]
    /// Nil: a record without a value.
    package var body: [UInt8]?
    /// The bytes that it has, where those are too many to be kept.
    package var oversize: Int?
    /// Why nothing of it can be read, where that is so.
    package var unreadable: String?
    package var receivedAt: Timestamp

    package init(
        door: Door,
        hook: HookFormat? = nil,
        headers: [EventHeader],
        body: [UInt8]?,
        oversize: Int? = nil,
        unreadable: String? = nil,
        receivedAt: Timestamp
    ) {
        self.door = door
        self.hook = hook
        self.headers = headers
        self.body = body
        self.oversize = oversize
        self.unreadable = unreadable
        self.receivedAt = receivedAt
    }
}
