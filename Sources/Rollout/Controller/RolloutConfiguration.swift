package import HTTPTransport

/// The settings of a controller.
package struct RolloutConfiguration: Sendable {
    package var policy: RolloutPolicy
    /// The CloudEvents source of the rollout events. Names the consumer group, so that controllers with different
    /// targets, which share the rollout events, keep apart what each has done.
    package var source: String
    /// Releases acted on at the same time.
    package var maximumConcurrency: Int
    /// Verdicts that may wait or be under way; reading pauses beyond.
    package var maximumBacklog: Int
    /// The pauses between attempts; how many there are is limited by ``actionDeadline`` only.
    package var retry: RetryPolicy
    package var actionDeadline: Duration
    /// How long publishing is tried before the controller gives up.
    package var publishDeadline: Duration
    /// How long publishing is tried while the credentials are refused: a secret that is replaced takes minutes to reach
    /// every machine.
    package var credentialsDeadline: Duration

    package init(
        policy: RolloutPolicy = RolloutPolicy(),
        group: String = "assay-rollout",
        maximumConcurrency: Int = 16,
        maximumBacklog: Int = 1024,
        retry: RetryPolicy = RetryPolicy(
            maximumAttempts: .max,
            baseDelay: .seconds(1),
            maximumDelay: .seconds(60),
            maximumRetryAfter: .seconds(300)
        ),
        actionDeadline: Duration = .seconds(900),
        publishDeadline: Duration = .seconds(120),
        credentialsDeadline: Duration = .seconds(300)
    ) {
        self.policy = policy
        self.source = "/assay/rollout/\(group)"
        self.maximumConcurrency = max(1, maximumConcurrency)
        self.maximumBacklog = max(1, maximumBacklog)
        self.retry = retry
        self.actionDeadline = actionDeadline
        self.publishDeadline = publishDeadline
        self.credentialsDeadline = credentialsDeadline
    }
}
