package import Analysis

/// Where `assay wait` gets verdicts from.
package protocol PublishedVerdicts {
    /// The next verdict that is wanted, interim or final; nil when `end` comes first.
    mutating func next(until end: ContinuousClock.Instant) async throws -> PublishedVerdict?

    /// Why there may be none, as far as the source knows.
    var trouble: String? { get }

    /// What a rollout controller did about a final verdict, the newest that is known; waited for until `end`. Nil where
    /// there is none by then.
    mutating func action(on verdict: Verdict, until end: ContinuousClock.Instant) async throws -> RolloutAction?

    func close() async
}
