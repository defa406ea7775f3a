package import Judging

/// What both sides of one metric showed in one unit of time: one look apart from the next.
package enum EvaluatedUnit: Sendable, Equatable {
    /// A value a side; NaN where there is none.
    case values(control: Double, experiment: Double)
    /// Events, and the requests that they are a share of.
    case counts(CountsUnit)
    case latencies(control: LatencyBuckets, experiment: LatencyBuckets)
}

/// Requests by latency.
package struct LatencyBuckets: Sendable, Equatable {
    /// Requests at or below each bound of the metric, not cumulative, and last those above all bounds.
    package var counts: [Double]

    package init(counts: [Double]) {
        self.counts = counts
    }

    package var requests: Double { counts.reduce(0, +) }

    /// Requests above each bound.
    package var above: [Double] {
        var rest = requests
        return counts.dropLast().map { count in
            rest -= count
            return rest
        }
    }

    /// The latency that a share of requests does not exceed, linear inside its bucket; the last bound for what lies above
    /// it, as `histogram_quantile` has it. NaN without requests.
    package func quantile(_ share: Double, bounds: [Double]) -> Double {
        let rank = share * requests
        guard rank > 0 else { return .nan }
        var below = 0.0
        for (index, bound) in bounds.enumerated() {
            let count = counts[index]
            if below + count >= rank {
                let lower = index == 0 ? 0 : bounds[index - 1]
                return lower + (bound - lower) * (rank - below) / count
            }
            below += count
        }
        return bounds.last ?? .nan
    }
}
