/// When a producer that broke is replaced: soon at first, later and later while its successors break, too.
struct ReplacementPause {
    typealias Instant = ContinuousClock.Instant

    static let shortest = Duration.milliseconds(500)
    static let longest = Duration.seconds(30)

    /// Producers that broke in a row.
    private(set) var failures = 0
    private(set) var until: Instant?

    /// - Parameter jitter: from 0 to 1, so that many processes do not come back at once.
    mutating func broke(at now: Instant, jitter: Double) {
        self.failures += 1
        let doublings = min(self.failures - 1, 10)
        let pause = min(ReplacementPause.longest, ReplacementPause.shortest * (1 << doublings))
        self.until = now + pause * (0.75 + 0.5 * jitter)
    }

    /// The producer has stored a message.
    mutating func worked() {
        self.failures = 0
        self.until = nil
    }

    func left(at now: Instant) -> Duration { self.until.map { max(.zero, now.duration(to: $0)) } ?? .zero }
}
