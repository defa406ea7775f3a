import HTTPTransport
import Kafka

/// Sends records, and sends them again while the failure may pass.
struct RolloutPublisher: Sendable {
    let sink: any RolloutSink
    let deadline: Duration
    let retry: RetryPolicy
    let environment: RetryEnvironment
    /// Waits; false when the controller stops meanwhile.
    let pause: @Sendable (Duration) async -> Bool

    /// Returns once the record is stored. Throws the last failure when the deadline passes, when the failure cannot
    /// pass, and when the controller stops.
    func send(_ message: KafkaMessage) async throws {
        let start = environment.elapsed()
        var failures = 0
        while true {
            do {
                return try await sink.send(message)
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
        (error as? KafkaError)?.mayBeMended ?? false
    }
}
