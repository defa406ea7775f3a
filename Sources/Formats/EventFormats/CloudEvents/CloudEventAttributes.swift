import Analysis
import Text

/// The attributes of an event while it is being read, by their CloudEvents names; checks them and builds the event.
struct CloudEventAttributes {
    private var values: [String: String] = [:]
    private let limits: EventLimits

    static let required = ["specversion", "id", "source", "type"]

    init(limits: EventLimits) {
        self.limits = limits
    }

    var isEmpty: Bool { values.isEmpty }
    var namesNoEvent: Bool { Self.required.allSatisfy { values[$0] == nil } }

    mutating func set(_ name: String, _ value: String) throws(CloudEventError) {
        guard (1...64).contains(name.utf8.count),
            name.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) })
        else {
            throw CloudEventError(
                .badAttribute,
                "\"\(name.excerpt())\" is not an attribute name: only a-z and 0-9 are accepted."
            )
        }
        guard value.utf8.count <= limits.maximumHeaderBytes else {
            throw CloudEventError(
                .tooLarge,
                "The attribute \(name) has \(value.utf8.count) bytes; at most \(limits.maximumHeaderBytes) are accepted."
            )
        }
        // CloudEvents 1.0, "Type System": no control characters in a string.
        guard !value.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) else {
            throw CloudEventError(.badAttribute, "The attribute \(name) contains a control character.")
        }
        guard values[name] == nil || values[name] == value else {
            throw CloudEventError(.badAttribute, "The attribute \(name) is given twice with different values.")
        }
        values[name] = value
    }

    func event(data: [UInt8]?) throws(CloudEventError) -> CloudEvent {
        var rest = values
        let version = try removeRequired("specversion", from: &rest)
        guard version == CloudEvent.specVersion else {
            throw CloudEventError(
                .unsupportedVersion,
                "specversion is \"\(version.excerpt(32))\"; only 1.0 is supported."
            )
        }
        var event = CloudEvent(
            id: try removeRequired("id", from: &rest),
            source: try removeRequired("source", from: &rest),
            type: try removeRequired("type", from: &rest),
            data: data
        )
        event.subject = try optional("subject", from: &rest)
        event.dataSchema = try optional("dataschema", from: &rest)
        event.dataContentType = try optional("datacontenttype", from: &rest)
        if let text = try optional("time", from: &rest) {
            guard let time = Timestamp(rfc3339: text) else {
                throw CloudEventError(
                    .badAttribute,
                    "The attribute time is \"\(text.excerpt())\", not an RFC 3339 time such as 2026-11-21T10:15:30Z."
                )
            }
            event.time = time
        }
        event.extensions = rest
        return event
    }

    private func removeRequired(_ name: String, from rest: inout [String: String]) throws(CloudEventError) -> String {
        guard let value = try optional(name, from: &rest) else {
            throw CloudEventError(.missingAttribute, "The required attribute \(name) is missing.")
        }
        return value
    }

    private func optional(_ name: String, from rest: inout [String: String]) throws(CloudEventError) -> String? {
        guard let value = rest.removeValue(forKey: name) else { return nil }
        guard !value.isEmpty else { throw CloudEventError(.badAttribute, "The attribute \(name) is empty.") }
        return value
    }
}

extension CloudEvent {
    /// Every attribute but `datacontenttype` by its CloudEvents name, in a stable order.
    var attributes: [(name: String, value: String)] {
        var attributes = [("specversion", Self.specVersion), ("id", id), ("source", source), ("type", type)]
        if let subject { attributes.append(("subject", subject)) }
        if let time { attributes.append(("time", time.rfc3339)) }
        if let dataSchema { attributes.append(("dataschema", dataSchema)) }
        return attributes + extensions.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
