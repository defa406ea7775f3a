import Analysis
import Foundation
import JSON
import Text

/// The JSON event format: the whole event as one JSON object (structured mode).
enum CloudEventJSONFormat {
    static let contentType = "application/cloudevents+json; charset=UTF-8"

    static func decode(_ bytes: [UInt8], limits: EventLimits) throws(CloudEventError) -> CloudEvent {
        let object = try parse(bytes, limits: limits)
        var attributes = CloudEventAttributes(limits: limits)
        for (name, value) in object.members where name != "data" && name != "data_base64" {
            switch value {
            case .null: continue
            case .string(let text): try attributes.set(name, text)
            case .number(let text) where Int32(text) != nil: try attributes.set(name, text)
            case .bool(let bool): try attributes.set(name, bool ? "true" : "false")
            default:
                throw CloudEventError(
                    .badAttribute,
                    "The attribute \(name.excerpt()) is \(value.kind); it must be a string, a whole number or a boolean."
                )
            }
        }
        var event = try attributes.event(data: nil)
        event.data = try data(of: object, for: event)
        if event.extensions[VerdictSignature.attribute] != nil, event.hasJSONData,
            object["data_base64"] ?? .null == .null
        {
            // What is signed is the text, and not what it says.
            event.data = (try? JSONParser.texts(ofObject: bytes, maximumDepth: limits.maximumDepth))?["data"]
        }
        return event
    }

    private static func parse(_ bytes: [UInt8], limits: EventLimits) throws(CloudEventError) -> JSONObject {
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes, maximumDepth: limits.maximumDepth)
        } catch {
            throw CloudEventError(.badJSON, "The event is not JSON: \(error).")
        }
        guard let object = value.object else {
            throw CloudEventError(.badJSON, "The event is \(value.kind); a JSON object is expected.")
        }
        return object
    }

    private static func data(of object: JSONObject, for event: CloudEvent) throws(CloudEventError) -> [UInt8]? {
        let plain = object["data"] == .null ? nil : object["data"]
        let encoded = object["data_base64"] == .null ? nil : object["data_base64"]
        if let encoded {
            guard plain == nil else {
                throw CloudEventError(.badAttribute, "The event has both data and data_base64; only one is accepted.")
            }
            guard let data = encoded.text.flatMap({ Data(base64Encoded: $0) }) else {
                throw CloudEventError(.badAttribute, "data_base64 is not base64 text.")
            }
            return Array(data)
        }
        guard let plain else { return nil }
        if event.hasJSONData { return plain.jsonBytes }
        guard let text = plain.text else {
            throw CloudEventError(
                .badAttribute,
                "data is \(plain.kind), but its content type is not JSON; a string is expected."
            )
        }
        return Array(text.utf8)
    }

    static func encode(_ event: CloudEvent) -> [UInt8] {
        var object = JSONObject()
        for (name, value) in event.attributes { object[name] = .string(value) }
        object["datacontenttype"] = event.dataContentType.map { .string($0) }
        guard let data = event.data else { return JSONValue.object(object).jsonBytes }
        guard event.hasJSONData, let value = try? JSONParser.parse(data, maximumDepth: 128), value != .null else {
            object["data_base64"] = .string(Data(data).base64EncodedString())
            return JSONValue.object(object).jsonBytes
        }
        // As it is, to the byte; only a byte order mark has no place inside a text.
        return object.jsonBytes(adding: "data", json: data.starts(with: [0xEF, 0xBB, 0xBF]) ? value.jsonBytes : data)
    }
}
