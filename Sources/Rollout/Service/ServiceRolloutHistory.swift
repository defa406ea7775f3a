package import EventFormats
import JSON

/// The rollout events that the service keeps.
package struct ServiceRolloutHistory: RolloutHistory {
    private let connection: ServiceConnection

    package init(_ connection: ServiceConnection) {
        self.connection = connection
    }

    package func read(_ body: (CloudEvent?) -> Void) async throws {
        var after = "0"
        while true {
            // A page of the largest actions fits an answer.
            guard let page = try await connection.get("/v1/actions?after=\(after)&limit=100"),
                let actions = page["actions"]?.elements
            else {
                throw ServiceFailure(description: "\(connection.url) keeps no rollout events", mayPass: true)
            }
            for action in actions { body(ServiceEvent.read(action)) }
            guard let next = page["next"]?.text else { return }
            guard let number = Int64(next), number > Int64(after) ?? 0 else {
                throw ServiceFailure(description: "\(connection.url) gave a page that leads nowhere", mayPass: true)
            }
            after = next
        }
    }
}

/// Events in answers of the service: CloudEvents in structured mode.
package enum ServiceEvent {
    private static let headers = [
        EventHeader(name: "content-type", value: Array("application/cloudevents+json".utf8))
    ]
    /// The data may have as much as a published verdict; the attributes come on top.
    private static let limits = EventLimits(maximumBytes: VerdictEvent.maximumDataBytes * 2)

    /// Nil for what is no event.
    static func read(_ value: JSONValue?) -> CloudEvent? {
        guard let value, value.object != nil else { return nil }
        return read(value.jsonBytes)
    }

    package static func read(_ text: [UInt8]) -> CloudEvent? {
        try? CloudEventHTTPBinding.decode(headers: headers, body: text, limits: limits)
    }
}
