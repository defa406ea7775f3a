package import Concurrency

/// Sends idempotent requests again while their time lasts. Other requests go through once.
package struct RetryingExecutor: HTTPExecuting {
    private let base: any HTTPExecuting
    private let policy: RetryPolicy
    private let environment: RetryEnvironment

    package init(_ base: any HTTPExecuting, policy: RetryPolicy, environment: RetryEnvironment = .system) {
        self.base = base
        self.policy = policy
        self.environment = environment
    }

    /// The last answer or error when attempts or time run out.
    package func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let start = environment.elapsed()
        var attempt = request
        var attempts = 0
        while true {
            let result = await send(attempt)
            attempts += 1
            guard request.isIdempotent, attempts < policy.maximumAttempts, policy.isRetryable(result) else {
                return try result.get()
            }
            let delay = policy.delay(
                failures: attempts,
                retryAfter: try? result.get().headers["Retry-After"],
                random: environment.random(),
                unixSeconds: environment.unixSeconds()
            )
            attempt.timeout = request.timeout - (environment.elapsed() - start) - delay
            guard attempt.timeout > .zero else { return try result.get() }
            do {
                try await environment.sleep(delay)
            } catch {
                throw HTTPError(.cancelled, "\(request) was cancelled.")
            }
        }
    }

    private func send(_ request: HTTPRequest) async -> Result<HTTPResponse, HTTPError> {
        do throws(HTTPError) {
            return .success(try await base.execute(request))
        } catch {
            return .failure(error)
        }
    }
}
