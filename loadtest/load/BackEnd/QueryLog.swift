import Histogram

/// What the back end was asked, and how long after the samples' time.
struct QueryLog: Sendable {
    private(set) var requests = 0
    private(set) var errors = 0
    private(set) var refused = 0
    /// Requests for what had been asked for before: after an error, or by another replica.
    private(set) var repeats = 0
    /// Ends of windows that no look has asked for by themselves: a newer look brought their samples along.
    private(set) var skipped = 0
    /// Milliseconds from the end of a look's window to the request that brings its samples.
    private(set) var lateness = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
    /// By series: the end of the newest window that has been asked for.
    private var known: [Int64]
    private let interval: Int64

    /// - Parameters:
    ///   - start: the start of every window.
    ///   - interval: between two looks.
    init(series: Int, start: Int64, interval: Int64) {
        known = Array(repeating: start, count: series)
        self.interval = max(1, interval)
    }

    mutating func recordRefusal() {
        requests += 1
        refused += 1
    }

    /// - Parameters:
    ///   - place: of the series; nil for one that does not exist.
    ///   - end: of the window.
    mutating func record(_ place: Int?, end: Int64, at now: Int64, failed: Bool) {
        requests += 1
        if failed { errors += 1 }
        guard let place, known.indices.contains(place) else { return }
        let last = known[place]
        guard end > last else {
            repeats += 1
            return
        }
        known[place] = end
        // A late look takes the place of those that it made late: their samples come as late as this request, and count
        // too, so that skipping looks cannot make the figures better.
        var windowEnd = end
        while windowEnd > last {
            lateness.record(UInt64(max(0, now - windowEnd)))
            if windowEnd != end { skipped += 1 }
            windowEnd -= interval
        }
    }
}
