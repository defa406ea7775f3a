/// The common grid of sampling times: the multiples of a step since the epoch.
///
/// Every session with the same step asks for the same instants, so that equal queries are equal requests.
package struct TimeGrid: Sendable, Equatable {
    /// At least 1 ms.
    package let step: Duration
    private let stepMilliseconds: Int64

    package init(step: Duration) {
        stepMilliseconds = max(1, step.milliseconds)
        self.step = .milliseconds(stepMilliseconds)
    }

    /// The last grid instant that is not after `time`.
    package func floor(_ time: Timestamp) -> Timestamp {
        let (floor, overflow) = time.milliseconds.flooredDivision(by: stepMilliseconds)
            .multipliedReportingOverflow(by: stepMilliseconds)
        return Timestamp(milliseconds: overflow ? .min : floor)
    }

    /// The first grid instant that is not before `time`.
    package func ceiling(_ time: Timestamp) -> Timestamp {
        let floor = floor(time)
        return floor == time ? time : floor + step
    }
}

/// The samples that a look uses: the grid instants after `start`, up to and including `end`.
package struct TimeWindow: Sendable, Hashable, Codable {
    package var start: Timestamp
    package var end: Timestamp

    package init(start: Timestamp, end: Timestamp) {
        self.start = start
        self.end = end
    }

    package var duration: Duration { end.since(start) }

    /// The number of grid instants in the window.
    package func sampleCount(step: Duration) -> Int {
        Int(max(0, duration.milliseconds / max(1, step.milliseconds)))
    }

    package func shifted(by offset: Duration) -> TimeWindow {
        TimeWindow(start: start + offset, end: end + offset)
    }
}

extension Int64 {
    /// Division that rounds towards negative infinity; `divisor` > 0.
    package func flooredDivision(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
