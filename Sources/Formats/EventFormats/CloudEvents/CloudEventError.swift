/// Why a record or request is not an event that can be read.
package struct CloudEventError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// Nothing says that it is a CloudEvent.
        case notACloudEvent
        case unsupportedVersion
        case batchUnsupported
        /// An event format other than JSON.
        case unknownFormat
        case missingAttribute
        case badAttribute
        case badJSON
        case tooLarge
        /// A record without a value and without attributes.
        case tombstone
        case invalidUTF8
        /// The event is of another type than the one asked for.
        case unexpectedType
        /// The data is JSON, but not of the shape that the type asks for.
        case badData
    }

    package let code: Code
    /// One sentence for a person.
    package let reason: String

    package init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    package var description: String { reason }
}
