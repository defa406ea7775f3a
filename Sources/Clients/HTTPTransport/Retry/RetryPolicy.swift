import Concurrency

/// When a failed request is sent again, and after how long. Pure: the owner sleeps and sends.
///
/// Exponential back-off with full jitter: a wait drawn evenly from zero to `baseDelay · 2^n`, at most `maximumDelay`.
/// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
package struct RetryPolicy: Sendable, Equatable {
    /// Attempts in all; 1 never retries.
    package var maximumAttempts: Int
    package var baseDelay: Duration
    package var maximumDelay: Duration
    /// The longest wait that a server's `Retry-After` can ask for.
    package var maximumRetryAfter: Duration

    package static let none = RetryPolicy(maximumAttempts: 1)

    package init(
        maximumAttempts: Int = 3,
        baseDelay: Duration = .milliseconds(200),
        maximumDelay: Duration = .seconds(5),
        maximumRetryAfter: Duration = .seconds(30)
    ) {
        self.maximumAttempts = maximumAttempts
        self.baseDelay = baseDelay
        self.maximumDelay = maximumDelay
        self.maximumRetryAfter = maximumRetryAfter
    }

    /// Whether a result is worth another attempt of an idempotent request.
    package func isRetryable(_ result: Result<HTTPResponse, HTTPError>) -> Bool {
        switch result {
        case .success(let response): [429, 502, 503, 504].contains(response.status)
        case .failure(let error): error.code == .unreachable || error.code == .timedOut
        }
    }

    /// The wait before attempt `failures + 1`.
    ///
    /// - Parameters:
    ///   - failures: attempts made so far, at least 1.
    ///   - retryAfter: the header's value, if there was one.
    ///   - random: drawn evenly from 0 to 1.
    ///   - unixSeconds: the time, for a `Retry-After` that is a date.
    package func delay(failures: Int, retryAfter: String?, random: Double, unixSeconds: Int64) -> Duration {
        let backoff = Backoff(base: baseDelay, limit: maximumDelay, floor: 0, random: { random })
        let jittered = backoff.pause(after: failures)
        guard let asked = retryAfter.flatMap({ Self.seconds(retryAfter: $0, unixSeconds: unixSeconds) }) else {
            return jittered
        }
        // The jitter comes on top, so that the clients told the same second do not return together.
        return min(.seconds(asked), maximumRetryAfter) + jittered
    }

    /// What a `Retry-After` asks for, at most a day; nil when it is not one.
    package static func seconds(retryAfter text: String, unixSeconds: Int64) -> Int64? {
        if let seconds = Int64(text) { return max(0, min(seconds, 86400)) }
        guard let date = HTTPDate.parse(text) else { return nil }
        let (wait, overflow) = date.subtractingReportingOverflow(unixSeconds)
        return overflow ? nil : max(0, min(wait, 86400))
    }
}
