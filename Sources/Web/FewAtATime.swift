import Hummingbird
import Synchronization

/// Requests that cost much: so many are worked on at a time, and further ones are told to come again.
final class FewAtATime: Sendable {
    private let most: Int
    private let what: String
    private let retryAfter: Int
    private let underWay = Mutex(0)

    /// - Parameters:
    ///   - what: the requests, for a sentence that says how many of them are under way.
    ///   - retryAfter: seconds.
    init(_ most: Int, _ what: String, retryAfter: Int) {
        self.most = most
        self.what = what
        self.retryAfter = retryAfter
    }

    /// 429 where there is no room.
    func run<Value>(_ body: () async throws -> Value) async throws -> Value {
        let hasRoom = underWay.withLock { count in
            guard count < most else { return false }
            count += 1
            return true
        }
        guard hasRoom else { throw Self.refusal("\(most) \(what): ask again in some seconds", retryAfter: retryAfter) }
        defer { underWay.withLock { $0 -= 1 } }
        return try await body()
    }

    static func refusal(_ message: String, retryAfter: Int) -> HTTPError {
        HTTPError(.tooManyRequests, headers: [.retryAfter: "\(retryAfter)"], message: message)
    }
}
