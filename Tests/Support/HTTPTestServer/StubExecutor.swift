package import HTTPTransport
import Synchronization

/// Answers requests from a closure and keeps them; no sockets.
package final class StubExecutor: HTTPExecuting {
    private let requestsSeen = Mutex<[HTTPRequest]>([])
    private let answer: @Sendable (HTTPRequest) -> Result<HTTPResponse, HTTPError>

    package var requests: [HTTPRequest] { requestsSeen.withLock { $0 } }

    package init(_ answer: @escaping @Sendable (HTTPRequest) -> Result<HTTPResponse, HTTPError>) {
        self.answer = answer
    }

    /// Always the same answer.
    package convenience init(status: Int, headers: HTTPHeaders = [:], body: String = "") {
        self.init { _ in .success(HTTPResponse(status: status, headers: headers, body: Array(body.utf8))) }
    }

    package func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        requestsSeen.withLock { $0.append(request) }
        return try answer(request).get()
    }
}
