import Analysis
import Concurrency
import HTTPTransport
import Logging

/// Stores what the controller says, and tries again while the failure may pass.
struct RolloutPublisher: Sendable {
    private let configuration: RolloutConfiguration
    private let environment: RetryEnvironment
    private let logger: Logger
    /// Waits; false when the controller stops meanwhile.
    private let pause: @Sendable (Duration) async -> Bool

    init(
        _ configuration: RolloutConfiguration,
        environment: RetryEnvironment,
        logger: Logger,
        pause: @escaping @Sendable (Duration) async -> Bool
    ) {
        self.configuration = configuration
        self.environment = environment
        self.logger = logger
        self.pause = pause
    }

    /// Returns once `send` has. Throws its last failure when the deadline passes, when the failure cannot pass, and when
    /// the controller stops. Secrets in files are read again at each attempt.
    func callAsFunction(_ send: @Sendable () async throws -> Void) async throws {
        let start = environment.elapsed()
        var failures = 0
        var wasRefused = false
        while true {
            do {
                try await send()
                if wasRefused { logger.info("the credentials are accepted again") }
                return
            } catch {
                failures += 1
                let delay = configuration.retry.delay(
                    failures: failures,
                    retryAfter: nil,
                    random: environment.random(),
                    unixSeconds: environment.unixSeconds()
                )
                guard let patience = patience(with: error), environment.elapsed() - start + delay < patience else {
                    throw error
                }
                if !wasRefused, Self.refusesCredentials(error) {
                    wasRefused = true
                    logger.warning(
                        "the credentials are refused; they are read again and tried before the controller ends",
                        metadata: ["error": "\(error)", "within": "\(patience.compactText)"]
                    )
                }
                guard await pause(delay) else { throw error }
            }
        }
    }

    /// How long a failure is tried from the first one on; nil for one that cannot pass.
    private func patience(with error: any Error) -> Duration? {
        if Self.refusesCredentials(error) { return configuration.credentialsDeadline }
        return (error as? any PassingFailure)?.mayPass == true ? configuration.publishDeadline : nil
    }

    private static func refusesCredentials(_ error: any Error) -> Bool {
        (error as? any PassingFailure)?.refusesCredentials == true
    }
}
