import Analysis

/// How long things take in one simulation: everything is a multiple of one unit, so that seconds and days are searched
/// with the same number of steps.
struct Pace: Sendable {
    let unit: Duration

    var poll: Duration { unit * 15 }
    var lease: Duration { unit * 45 }
    var synchronization: Duration { unit * 30 }
    /// Events are published until then.
    var lastEvent: Duration { unit * 200 }
    /// Things go wrong until then.
    var calm: Duration { unit * 400 }
    /// Everything has to be over some time after that.
    var end: Duration { unit * 2400 }
    var step: Duration { unit * 10 }
    /// How late samples appear.
    var lateness: Duration { unit * 5 }
    /// Longer than a lease.
    var longestTrouble: Duration { unit * 150 }
    /// Retries of what the store refuses are not measured in units, so that hours of them would be many steps.
    var longestTroubleOfStore: Duration { min(longestTrouble, .seconds(3600)) }
    var restart: Duration { unit * 5 }
    var groupTimeout: Duration { unit * 45 }
    var transactionTimeout: Duration { unit * 60 }
    /// How long a session may be overdue when nothing is wrong.
    var recovery: Duration { lease * 2 + poll + .seconds(60) }

    func units(_ range: ClosedRange<Int>) -> ClosedRange<Duration> { unit * range.lowerBound...unit * range.upperBound }
}
