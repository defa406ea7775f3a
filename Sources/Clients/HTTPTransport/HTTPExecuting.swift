/// Sends a request and waits for the answer. Clients depend on this, so that they can be tested without sockets.
package protocol HTTPExecuting: Sendable {
    /// Answers with any status; throws only when there is no answer.
    func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse

    /// What a server says, without the credentials that are sent to it: it may show a request again.
    func redacted(_ words: String) -> String
}

extension HTTPExecuting {
    package func redacted(_ words: String) -> String { Redaction.words(words) }
}
