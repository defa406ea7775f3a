/// One request on its way through the transfer thread.
struct Transfer: Sendable {
    var id: UInt64
    var request: PreparedRequest
    /// From the moment it is sent to its answer.
    var timeout: Duration
    /// When it gives up waiting for a free connection.
    var waitsUntil: ContinuousClock.Instant
    /// Resumed exactly once, on the transfer thread.
    var continuation: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>
}
