/// Sends a request and waits for the answer. Clients depend on this, so that they can be tested without sockets.
package protocol HTTPExecuting: Sendable {
    /// Answers with any status; throws only when there is no answer.
    func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
}
