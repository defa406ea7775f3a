import Analysis
import Text

/// How a record or request says that it carries an event.
enum ContentMode {
    case structured
    /// The attributes are headers; the content type is the data's.
    case binary

    /// - Throws: `.batchUnsupported` and `.unknownFormat` for structured events that cannot be read.
    init(contentType: String?) throws(CloudEventError) {
        let media = MediaType(contentType ?? "").name
        guard media.hasPrefix("application/cloudevents") else {
            self = .binary
            return
        }
        guard !media.hasPrefix("application/cloudevents-batch") else {
            throw CloudEventError(.batchUnsupported, "Batches of events are not supported: send one event each.")
        }
        guard media == "application/cloudevents+json" || media == "application/cloudevents" else {
            throw CloudEventError(
                .unknownFormat,
                "The event format \(media.excerpt()) is unknown; application/cloudevents+json is supported."
            )
        }
        self = .structured
    }
}

extension EventHeader {
    /// The value as text.
    func text() throws(CloudEventError) -> String {
        guard let text = String(validating: value ?? [], as: UTF8.self) else {
            throw CloudEventError(.invalidUTF8, "The header \(name.excerpt()) is not UTF-8.")
        }
        return text
    }
}

extension [EventHeader] {
    /// The content type, whatever the case of the header's name; the last one counts.
    func contentType() throws(CloudEventError) -> String? {
        guard let header = last(where: { $0.name.lowercased() == "content-type" }), header.value != nil else {
            return nil
        }
        return try header.text()
    }
}
