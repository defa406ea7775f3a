import Analysis

/// What a signature of a verdict covers: every attribute that an action follows from, and the data, as published.
///
/// Each field is a byte 1, its length in eight bytes (the highest first) and its bytes; or a byte 0 where the event does
/// not have it. So no two events give the same bytes.
enum SignedBytes {
    /// Keeps signatures apart that the same key may make of something else.
    private static let context = "dev.assay.signature.v1"

    static func of(_ event: CloudEvent) -> [UInt8] {
        var bytes: [UInt8] = []
        let attributes = [
            context, event.id, event.source, event.type, event.subject, event.time?.rfc3339, event.dataContentType,
            event.extensions[RetryRequest.attribute],
        ]
        bytes.reserveCapacity(attributes.reduce(event.data?.count ?? 0) { $0 + 16 + ($1?.utf8.count ?? 0) })
        for attribute in attributes { append(attribute?.utf8, to: &bytes) }
        append(event.data, to: &bytes)
        return bytes
    }

    private static func append(_ field: (some Collection<UInt8>)?, to bytes: inout [UInt8]) {
        guard let field else { return bytes.append(0) }
        bytes.append(1)
        let length = UInt64(field.count)
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: length >> UInt64(shift)))
        }
        bytes += field
    }
}
