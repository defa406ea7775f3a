import Concurrency
import HTTPTransport

/// Stores what the controller says, and tries again while the failure may pass.
struct RolloutPublisher: Sendable {
    let deadline: Duration
    let retry: RetryPolicy
    let environment: RetryEnvironment
    /// Waits; false when the controller stops meanwhile.
    let pause: @Sendable (Duration) async -> Bool

    /// Returns once `send` has. Throws its last failure when the deadline passes, when the failure cannot pass, and when
    /// the controller stops.
    func callAsFunction(_ send: @Sendable () async throws -> Void) async throws {
        let start = environment.elapsed()
        var failures = 0
        while true {
            do {
                return try await send()
            } catch {
                failures += 1
                let delay = retry.delay(
                    failures: failures,
                    retryAfter: nil,
                    random: environment.random(),
                    unixSeconds: environment.unixSeconds()
                )
                guard Self.mayPass(error), environment.elapsed() - start + delay < deadline, await pause(delay) else {
                    throw error
                }
            }
        }
    }

    private static func mayPass(_ error: any Error) -> Bool {
        (error as? any PassingFailure)?.mayPass ?? false
    }
}
