/// One request on its way through the transfer thread.
struct Transfer: Sendable {
    var id: UInt64
    var request: PreparedRequest
    var deadline: ContinuousClock.Instant
    /// Resumed exactly once, on the transfer thread.
    var continuation: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>
}
