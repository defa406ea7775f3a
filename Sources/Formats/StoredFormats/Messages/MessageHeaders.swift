package import Foundation

/// A header of a message that leaves the process.
package struct MessageHeader: Sendable, Equatable, Codable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// The headers of a message as they are kept: a list of names and values, in order.
package enum MessageHeaders {
    package static func write(_ headers: [MessageHeader]) throws(FormError) -> Data {
        do { return try StoredJSON.encoder().encode(headers) } catch {
            throw FormError(.unwritable, "the headers of a message cannot be written: \(error)")
        }
    }

    package static func read(_ bytes: Data) throws(FormError) -> [MessageHeader] {
        do { return try StoredJSON.decoder().decode([MessageHeader].self, from: bytes) } catch {
            throw FormError(.malformed, "the headers of a message cannot be read: \(FormError.sentence(error))")
        }
    }
}
