import Analysis

/// When a wrong token is answered: a few at once, further ones one after another, so that guessing takes time.
///
/// A right token never waits, however many guess beside it: no caller can be locked out. It counts all callers
/// as one, so that nothing is kept for each, and many of them guess no faster.
struct GuessPace {
    static let burst = 10
    static let interval = Duration.milliseconds(200)
    /// No answer waits longer: a connection that waits is one that others cannot have.
    static let longest = Duration.seconds(5)

    /// When all answers that were asked for are given, at one an interval.
    private var workedOff: Timestamp?

    mutating func answerTime(at now: Timestamp) -> Timestamp {
        let ahead = Self.interval * Self.burst
        let latest = now + ahead + Self.longest
        let next = min(max(workedOff ?? now, now) + Self.interval, latest)
        workedOff = next
        return max(now, next - ahead)
    }
}
