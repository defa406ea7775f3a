/// An event as it was received, byte for byte: what a later version may read more in.
package struct OriginalEvent: Sendable, Equatable {
    package struct Header: Sendable, Equatable, Codable {
        package var name: String
        package var value: [UInt8]?

        package init(name: String, value: [UInt8]?) {
            self.name = name
            self.value = value
        }
    }

    /// Which way it came in: `kafka`, `http`.
    package var door: String
    /// How its bytes are to be read: `cloudevents/structured`, `cloudevents/binary`, `hooks/github` and the like.
    package var format: String
    /// Only those that belong to the event.
    package var headers: [Header]
    package var body: [UInt8]?

    package init(door: String, format: String, headers: [Header], body: [UInt8]?) {
        self.door = door
        self.format = format
        self.headers = headers
        self.body = body
    }
}
