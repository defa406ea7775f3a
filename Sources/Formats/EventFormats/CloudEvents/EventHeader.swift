/// A header of a Kafka record or of an HTTP request.
package struct EventHeader: Sendable, Equatable {
    package var name: String
    /// Nil is a header without a value, which only Kafka knows.
    package var value: [UInt8]?

    package init(name: String, value: [UInt8]?) {
        self.name = name
        self.value = value
    }

    package init(_ name: String, _ value: String) {
        self.init(name: name, value: Array(value.utf8))
    }
}
