/// A list of texts that JSON written by an older version does not have: it is then empty.
@propertyWrapper
package struct EmptyWhenAbsent: Sendable, Equatable, Codable {
    package var wrappedValue: [String]

    package init(wrappedValue: [String]) {
        self.wrappedValue = wrappedValue
    }

    package init(from decoder: any Decoder) throws {
        wrappedValue = try [String](from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try wrappedValue.encode(to: encoder)
    }
}

extension KeyedDecodingContainer {
    /// What synthesised conformances call for a property with the wrapper.
    func decode(_ type: EmptyWhenAbsent.Type, forKey key: Key) throws -> EmptyWhenAbsent {
        try decodeIfPresent(type, forKey: key) ?? EmptyWhenAbsent(wrappedValue: [])
    }
}
