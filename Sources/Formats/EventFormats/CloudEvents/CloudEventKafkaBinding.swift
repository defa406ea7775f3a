/// CloudEvents on Kafka records, both content modes (CloudEvents Kafka protocol binding 1.0).
package enum CloudEventKafkaBinding {
    private static let prefix = "ce_"

    /// - Throws: `CloudEventError`; `.tombstone` for a record with neither a value nor attributes.
    package static func decode(
        value: [UInt8]?,
        headers: [EventHeader],
        limits: EventLimits = EventLimits()
    ) throws(CloudEventError) -> CloudEvent {
        try limits.check(bytes: value?.count ?? 0, headers: headers)
        let contentType = try headers.contentType()
        if case .structured = try ContentMode(contentType: contentType) {
            guard let value else {
                throw CloudEventError(.tombstone, "The record has no value, so it carries no event.")
            }
            return try CloudEventJSONFormat.decode(value, limits: limits)
        }
        var attributes = CloudEventAttributes(limits: limits)
        for header in headers where header.name.lowercased().hasPrefix(prefix) {
            let name = header.name.dropFirst(prefix.count).lowercased()
            // The specification carries this one as content-type only.
            guard header.value != nil, name != "datacontenttype" else { continue }
            try attributes.set(name, try header.text())
        }
        guard !attributes.namesNoEvent else {
            guard value != nil else {
                throw CloudEventError(.tombstone, "The record has no value, so it carries no event.")
            }
            throw CloudEventError(
                .notACloudEvent,
                "The record is no CloudEvent: send the headers ce_specversion, ce_id, ce_source and ce_type,"
                    + " or the whole event with content-type application/cloudevents+json."
            )
        }
        if let contentType, !contentType.isEmpty { try attributes.set("datacontenttype", contentType) }
        return try attributes.event(data: value)
    }

    /// The attributes as headers, the data as value.
    package static func binary(_ event: CloudEvent) -> (value: [UInt8]?, headers: [EventHeader]) {
        var headers = event.attributes.map { EventHeader(prefix + $0.name, $0.value) }
        if let contentType = event.dataContentType { headers.append(EventHeader("content-type", contentType)) }
        return (event.data, headers)
    }

    /// The whole event as value.
    package static func structured(_ event: CloudEvent) -> (value: [UInt8]?, headers: [EventHeader]) {
        (CloudEventJSONFormat.encode(event), [EventHeader("content-type", CloudEventJSONFormat.contentType)])
    }
}
