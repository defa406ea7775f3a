import HummingbirdCore
import NIOCore

/// What an HTTP interface takes from those who call it.
package struct WebLimits: Sendable {
    /// Connections at a time. For a further one the connection that has been idle longest is closed, or the further one
    /// itself where none is.
    package var connections = 512
    /// Those of one address.
    package var connectionsOfPeer = 256
    package var headers = 100
    /// Bytes of the address, or of the name or value of one header.
    package var headerBytes = 16 << 10
    /// Bytes of the address and all headers together.
    package var headerListBytes = 32 << 10
    /// How long a connection may take to complete the headers of a request, from its start or the answer before.
    package var idle: Duration = .seconds(10)
    /// How long a request may take from its headers to the last byte of its answer.
    package var exchange: Duration = .seconds(60)
    /// How long a reader of a stream may leave what it was sent. A stream has no limit of exchanges.
    package var untaken: Duration = .seconds(20)
    /// Bytes that the system keeps for a reader of a stream.
    package var streamBytes = 64 << 10
    /// How long a caller that sends more than is read has to take its answer.
    package var lingering: Duration = .seconds(1)

    package init() {}

    /// For probes and metrics: answers are made at once, and there are few callers.
    package static var probes: WebLimits {
        var limits = WebLimits()
        (limits.connections, limits.connectionsOfPeer, limits.exchange) = (64, 32, .seconds(10))
        return limits
    }

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
