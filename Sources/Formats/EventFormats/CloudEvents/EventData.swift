import Analysis
import JSON
import Text

/// Reads the data of events that this service publishes itself.
enum EventData {
    static let maximumDepth = EventLimits().maximumDepth

    /// - Throws: `.unexpectedType`, `.badJSON`, `.badData` (a member is missing or of the wrong shape).
    static func read<Value>(
        _ event: CloudEvent,
        type: String,
        _ body: (JSONFields) throws(JSONFieldError) -> Value
    ) throws(CloudEventError) -> Value {
        guard event.type == type else {
            throw CloudEventError(
                .unexpectedType,
                "The event is of type \(event.type.excerpt(128)); \(type) is expected."
            )
        }
        guard let data = event.data, event.hasJSONData else {
            throw CloudEventError(.badData, "The event has no JSON data.")
        }
        let value: JSONValue
        do {
            value = try JSONParser.parse(data, maximumDepth: maximumDepth)
        } catch {
            throw CloudEventError(.badJSON, "The event's data is not JSON: \(error).")
        }
        guard let object = value.object else {
            throw CloudEventError(.badData, "The event's data is \(value.kind); an object is expected.")
        }
        do {
            return try body(JSONFields(object))
        } catch {
            throw CloudEventError(.badData, "The event's data cannot be used: \(error).")
        }
    }
}
