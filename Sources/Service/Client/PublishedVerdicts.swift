/// Where `assay wait` gets verdicts from.
package protocol PublishedVerdicts {
    /// The next verdict that is wanted, interim or final; nil when `end` comes first.
    mutating func next(until end: ContinuousClock.Instant) async throws -> PublishedVerdict?

    /// Why there may be none, as far as the source knows.
    var trouble: String? { get }

    func close() async
}
