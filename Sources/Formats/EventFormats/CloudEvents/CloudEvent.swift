package import Analysis

/// A CloudEvents 1.0 event, apart from how it is carried.
package struct CloudEvent: Sendable, Equatable {
    package var id: String
    package var source: String
    package var type: String
    package var subject: String?
    package var time: Timestamp?
    package var dataContentType: String?
    package var dataSchema: String?
    /// Extension attributes by name, in their canonical string form.
    package var extensions: [String: String]
    /// The event's data as its content type writes it; nil when the event has none.
    package var data: [UInt8]?

    package static let specVersion = "1.0"

    package init(
        id: String,
        source: String,
        type: String,
        subject: String? = nil,
        time: Timestamp? = nil,
        dataContentType: String? = nil,
        dataSchema: String? = nil,
        extensions: [String: String] = [:],
        data: [UInt8]? = nil
    ) {
        self.id = id
        self.source = source
        self.type = type
        self.subject = subject
        self.time = time
        self.dataContentType = dataContentType
        self.dataSchema = dataSchema
        self.extensions = extensions
        self.data = data
    }

    /// Data is JSON when the content type says so, and also when there is no content type (the specification's default).
    package var hasJSONData: Bool {
        guard let dataContentType else { return true }
        let media = MediaType(dataContentType)
        return media.name.hasSuffix("/json") || media.name.hasSuffix("+json")
    }
}

/// The name of a media type without its parameters, in lower case.
struct MediaType {
    let name: String

    init(_ text: String) {
        let name = text.utf8.prefix { $0 != UInt8(ascii: ";") }
        self.name = String(decoding: name, as: UTF8.self).lowercased().filter { !$0.isWhitespace }
    }
}
