import HTTPTestServer
import HTTPTransport
import Synchronization
import Testing

@Suite struct RetryingExecutorTests {
    /// Answers with the statuses given, the last one again and again; 0 stands for a refused connection.
    static func stub(_ statuses: [Int], retryAfter: String? = nil) -> StubExecutor {
        let left = Mutex(statuses)
        return StubExecutor { _ in
            let status = left.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
            guard status > 0 else { return .failure(HTTPError(.unreachable, "refused")) }
            var response = HTTPResponse(status: status)
            response.headers["retry-after"] = retryAfter
            return .success(response)
        }
    }

    static let get = HTTPRequest(url: "http://x/")

    @Test(arguments: [
        ([200], 1, 200), ([503, 200], 2, 200), ([0, 429, 200], 3, 200), ([502, 502, 502, 200], 3, 502), ([404], 1, 404),
        ([504, 400, 200], 2, 400),
    ])
    func triesAgain(statuses: [Int], attempts: Int, status: Int) async throws {
        let stub = Self.stub(statuses)
        let executor = RetryingExecutor(stub, policy: RetryPolicy(), environment: ManualTime(draw: 0.5).environment)
        #expect(try await executor.execute(Self.get).status == status)
        #expect(stub.requests.count == attempts)
    }

    @Test func throwsTheLastError() async {
        let stub = Self.stub([0])
        let executor = RetryingExecutor(stub, policy: RetryPolicy(), environment: ManualTime().environment)
        await #expect(throws: HTTPError(.unreachable, "refused")) { try await executor.execute(Self.get) }
        #expect(stub.requests.count == 3)
    }

    @Test(arguments: [
        (HTTPMethod.post, nil, 1), (.post, true, 3), (.patch, nil, 1), (.get, false, 1), (.delete, nil, 3),
    ])
    func onlyIdempotentRequests(method: HTTPMethod, isIdempotent: Bool?, attempts: Int) async throws {
        let stub = Self.stub([503])
        let executor = RetryingExecutor(stub, policy: RetryPolicy(), environment: ManualTime().environment)
        let request = HTTPRequest(method: method, url: "http://x/", isIdempotent: isIdempotent)
        #expect(try await executor.execute(request).status == 503)
        #expect(stub.requests.count == attempts)
    }

    @Test func waitsAsLongAsAsked() async throws {
        let time = ManualTime(draw: 1)
        let stub = Self.stub([429, 200], retryAfter: "3")
        let executor = RetryingExecutor(stub, policy: RetryPolicy(), environment: time.environment)
        #expect(try await executor.execute(Self.get).status == 200)
        #expect(time.sleeps == [.milliseconds(3200)])
    }

    @Test func attemptsShareTheTime() async throws {
        let time = ManualTime()
        let stub = Self.stub([503], retryAfter: "4")
        let executor = RetryingExecutor(stub, policy: RetryPolicy(maximumAttempts: 9), environment: time.environment)
        var request = Self.get
        request.timeout = .seconds(10)
        #expect(try await executor.execute(request).status == 503)
        #expect(stub.requests.map(\.timeout) == [.seconds(10), .seconds(6), .seconds(2)])
    }

    @Test func cancellingEndsThePause() async {
        let executor = RetryingExecutor(Self.stub([503]), policy: RetryPolicy(), environment: ManualTime().environment)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await executor.execute(Self.get)
        }
        await #expect(throws: HTTPError(.cancelled, "GET http://x/ was cancelled.")) { try await task.value }
    }
}
