/// CloudEvents on HTTP requests, both content modes (CloudEvents HTTP protocol binding 1.0).
package enum CloudEventHTTPBinding {
    private static let prefix = "ce-"

    package static func decode(
        headers: [EventHeader],
        body: [UInt8],
        limits: EventLimits = EventLimits()
    ) throws(CloudEventError) -> CloudEvent {
        try limits.check(bytes: body.count, headers: headers)
        let contentType = try headers.contentType()
        if case .structured = try ContentMode(contentType: contentType) {
            return try CloudEventJSONFormat.decode(body, limits: limits)
        }
        var attributes = CloudEventAttributes(limits: limits)
        for header in headers where header.name.lowercased().hasPrefix(prefix) {
            let name = header.name.dropFirst(prefix.count).lowercased()
            guard header.value != nil, name != "datacontenttype" else { continue }
            try attributes.set(name, try HeaderValue.decode(header))
        }
        guard !attributes.namesNoEvent else {
            throw CloudEventError(
                .notACloudEvent,
                "The request is no CloudEvent: send the whole event with Content-Type: application/cloudevents+json,"
                    + " or add the headers ce-specversion, ce-id, ce-source and ce-type."
            )
        }
        if let contentType, !contentType.isEmpty { try attributes.set("datacontenttype", contentType) }
        return try attributes.event(data: body.isEmpty ? nil : body)
    }

    /// The attributes as headers, the data as body.
    package static func binary(_ event: CloudEvent) -> (headers: [EventHeader], body: [UInt8]) {
        var headers = event.attributes.map { EventHeader(prefix + $0.name, HeaderValue.encode($0.value)) }
        if let contentType = event.dataContentType { headers.append(EventHeader("content-type", contentType)) }
        return (headers, event.data ?? [])
    }

    /// The whole event as body.
    package static func structured(_ event: CloudEvent) -> (headers: [EventHeader], body: [UInt8]) {
        ([EventHeader("content-type", CloudEventJSONFormat.contentType)], CloudEventJSONFormat.encode(event))
    }
}

/// Attribute values in HTTP headers: percent-encoded outside printable ASCII (HTTP protocol binding 3.1.3.2).
private enum HeaderValue {
    static func encode(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            if (0x21...0x7E).contains(byte), byte != UInt8(ascii: "\""), byte != UInt8(ascii: "%") {
                encoded.unicodeScalars.append(UnicodeScalar(byte))
            } else {
                encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }

    /// A quoted string loses its quotes; a percent sign without two hexadecimal digits stands for itself.
    static func decode(_ header: EventHeader) throws(CloudEventError) -> String {
        let bytes = unquoted(header.value ?? [])
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                decoded.append(UInt8(high << 4 | low))
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return try EventHeader(name: header.name, value: decoded).text()
    }

    private static func unquoted(_ bytes: [UInt8]) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        guard bytes.count >= 2, bytes.first == quote, bytes.last == quote else { return bytes }
        var content: [UInt8] = []
        var isEscaped = false
        for byte in bytes.dropFirst().dropLast() {
            if byte == UInt8(ascii: "\\"), !isEscaped {
                isEscaped = true
            } else {
                content.append(byte)
                isEscaped = false
            }
        }
        return content
    }

    private static func digit(_ byte: UInt8) -> Int? { Character(UnicodeScalar(byte)).hexDigitValue }
}
