import HTTPTransport
import Synchronization

/// Keeps requests and gives each the same answer.
final class RecordingExecutor: HTTPExecuting {
    private let seen = Mutex<[HTTPRequest]>([])
    private let answer: String

    init(answer: String) {
        self.answer = answer
    }

    var requests: [HTTPRequest] { seen.withLock { $0 } }

    func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        seen.withLock { $0.append(request) }
        return HTTPResponse(status: 200, body: Array(answer.utf8))
    }
}
