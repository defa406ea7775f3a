import EventFormats
import Store

extension Envelope {
    /// What the inbox keeps of it.
    var original: OriginalEvent {
        let isStructured = headers.contains { header in
            header.name.lowercased() == "content-type"
                && String(decoding: header.value ?? [], as: UTF8.self).lowercased().hasPrefix("application/cloudevents")
        }
        return OriginalEvent(
            door: door.rawValue,
            format: hook.map { "hooks/\($0.rawValue)" } ?? "cloudevents/\(isStructured ? "structured" : "binary")",
            headers: headers.filter(door.belongsToEvent).map { .init(name: $0.name, value: $0.value) },
            body: body
        )
    }
}
