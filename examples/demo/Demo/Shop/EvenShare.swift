/// Says yes for a share of the calls, as evenly spread as can be: after n calls the count is within 1 of n × share.
///
/// Bresenham's line. Chance would do as well in the long run, but a demo's looks are short, and a split that is off by
/// luck would be the first thing seen in them.
struct EvenShare: Sendable, Equatable {
    private var accumulated: Double

    /// `phase` from 0 to 1 shifts the first yes, so that several shares don't say yes together.
    init(phase: Double = 0) {
        accumulated = min(max(phase, 0), 0.999)
    }

    /// `share` from 0 to 1; it may change between calls.
    mutating func next(share: Double) -> Bool {
        accumulated += min(max(share, 0), 1)
        guard accumulated >= 1 - 1e-9 else { return false }
        accumulated = max(0, accumulated - 1)
        return true
    }
}

/// Evenly spread numbers from 0 to 1: the additive recurrence of the golden ratio.
struct EvenSpread: Sendable, Equatable {
    private var value = 0.5

    mutating func next() -> Double {
        value = (value + 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
        return value
    }
}
