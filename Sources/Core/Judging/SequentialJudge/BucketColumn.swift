/// A histogram's requests, step by step.
package struct BucketColumn: Sendable, Equatable {
    /// Upper bounds in ascending order; the last may be infinite.
    package var bounds: [Double]
    /// For each bound the requests up to it of each step, not those of that bucket alone.
    package var counts: [[Double]]

    /// The quantile that is kept of a side, for charts.
    package static let keptQuantile = 0.95

    package init(bounds: [Double], counts: [[Double]]) {
        self.bounds = bounds
        self.counts = counts
    }

    package var stepCount: Int { counts.first?.count ?? 0 }

    /// About the value that a share of a step's requests does not exceed, as `histogram_quantile` of Prometheus tells it: in
    /// proportion inside of a bucket, the last finite bound beyond it. NaN without requests, or where counts are missing.
    ///
    /// - Parameter share: 0 to 1.
    package func quantile(_ share: Double, at step: Int) -> Double {
        let upTo = counts.map { $0.indices.contains(step) ? $0[step] : .nan }
        guard let all = upTo.last, all > 0, upTo.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return .nan }
        let rank = share * all
        guard let index = upTo.firstIndex(where: { $0 >= rank }), bounds.indices.contains(index) else { return .nan }
        let upper = bounds[index]
        guard upper.isFinite else { return bounds.last { $0.isFinite } ?? .nan }
        let lower = index > 0 ? bounds[index - 1] : min(0, upper)
        let below = index > 0 ? upTo[index - 1] : 0
        let inside = upTo[index] - below
        // The lowest bucket has no bound below where values can be negative.
        guard inside > 0, upper > lower else { return upper }
        return lower + (upper - lower) * (rank - below) / inside
    }

    /// Requests of a step in all; NaN where there is none.
    package func total(at step: Int) -> Double {
        guard let last = counts.last, last.indices.contains(step) else { return .nan }
        return last[step]
    }
}
