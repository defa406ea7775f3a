import HummingbirdCore
import NIOCore

/// What the HTTP interface takes from those who call it.
package struct WebLimits: Sendable {
    /// Connections at a time; further ones wait in the system's queue until one ends.
    package var connections = 512
    package var headers = 100
    /// Bytes of the address, or of the name or value of one header.
    package var headerBytes = 16 << 10
    /// Bytes of the address and all headers together.
    package var headerListBytes = 32 << 10
    /// How long a connection may take to complete the headers of a request, from its start or the answer before.
    package var idle: Duration = .seconds(60)
    /// How long a request may take from its headers to the last byte of its answer.
    package var exchange: Duration = .seconds(60)

    package init() {}

    var decoder: HTTP1Channel.Configuration.DecoderConfiguration {
        .init(maxHeaderFieldSize: headerBytes, maxHeaderListSize: headerListBytes, maxHeaderFieldCount: headers)
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
