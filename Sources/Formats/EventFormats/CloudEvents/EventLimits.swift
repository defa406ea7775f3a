import Analysis
import Text

/// What an event may cost before anything of it is read.
package struct EventLimits: Sendable, Equatable {
    /// Bytes of the record value or request body.
    package var maximumBytes: Int
    package var maximumHeaders: Int
    /// Bytes of one header's name and value together; also of one attribute in structured mode.
    package var maximumHeaderBytes: Int
    /// Nesting of arrays and objects.
    package var maximumDepth: Int

    package init(
        maximumBytes: Int = 262_144,
        maximumHeaders: Int = 64,
        maximumHeaderBytes: Int = 8192,
        maximumDepth: Int = 32
    ) {
        self.maximumBytes = maximumBytes
        self.maximumHeaders = maximumHeaders
        self.maximumHeaderBytes = maximumHeaderBytes
        self.maximumDepth = maximumDepth
    }

    func check(bytes: Int, headers: [EventHeader]) throws(CloudEventError) {
        guard bytes <= maximumBytes else {
            throw CloudEventError(.tooLarge, "The event has \(bytes) bytes; at most \(maximumBytes) are accepted.")
        }
        guard headers.count <= maximumHeaders else {
            throw CloudEventError(
                .tooLarge,
                "The event has \(headers.count) headers; at most \(maximumHeaders) are accepted."
            )
        }
        for header in headers {
            let size = header.name.utf8.count + (header.value?.count ?? 0)
            guard size <= maximumHeaderBytes else {
                throw CloudEventError(
                    .tooLarge,
                    "The header \(header.name.excerpt()) has \(size) bytes; at most \(maximumHeaderBytes) are accepted."
                )
            }
        }
    }
}
