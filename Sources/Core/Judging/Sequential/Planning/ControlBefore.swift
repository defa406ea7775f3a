/// What the control had before the release: from it follows what an analysis can find.
package struct ControlBefore: Sendable, Equatable {
    package var totals: ExposureTotals
    /// Steps of which there are requests.
    package var steps: Int

    package init(totals: ExposureTotals, steps: Int) {
        self.totals = totals
        self.steps = steps
    }

    /// Adds the steps of a column up; nil without requests, and where none are counted.
    ///
    /// - Parameter objective: the bound that slow requests are told by (histograms).
    init?(_ column: MetricIncrement.Column?, objective: Double?) {
        switch column {
        case .counts(let counts): self.init(events: counts.events, requests: counts.requests)
        case .histogram(let buckets): self.init(buckets, objective: objective)
        case .values, nil: return nil
        }
    }

    private init?(events: [Double], requests: [Double]) {
        var sum = OpenUnit()
        for (step, requests) in requests.enumerated() {
            sum.add(
                experimentEvents: 0,
                controlEvents: CountsComparison.value(events, step),
                experimentRequests: 0,
                controlRequests: requests
            )
        }
        guard sum.controlRequests > 0 else { return nil }
        self.init(
            totals: ExposureTotals(events: sum.controlEvents, requests: sum.controlRequests),
            steps: sum.steps
        )
    }

    private init?(_ buckets: BucketColumn, objective: Double?) {
        var sum: HistogramCounts?
        var steps = 0
        for step in 0..<buckets.stepCount {
            guard let unit = buckets.histogram(at: step) else { continue }
            if sum == nil { sum = unit } else { sum?.add(unit) }
            steps += 1
        }
        guard let sum, let shares = sum.sharesAbove else { return nil }
        let known = zip(sum.bounds, shares).map { (bound: $0, share: $1) }
        guard let bound = LatencyBounds.told(known, objective: objective),
            let above = HistogramCounts.above(bound, sum, sum)
        else { return nil }
        self.init(totals: ExposureTotals(events: above.0, requests: sum.total), steps: steps)
    }
}

extension LatencyBounds {
    /// The bound that slow requests are told by before an analysis: the nearest to the objective, or else that with most
    /// nearly a tenth of the requests above it; nil where there is none.
    package static func told(_ sharesAbove: [(bound: Double, share: Double)], objective: Double?) -> Double? {
        let finite = sharesAbove.filter { $0.bound.isFinite }
        if let objective {
            return finite.min { ($0.bound - objective).magnitude < ($1.bound - objective).magnitude }?.bound
        }
        return finite.filter { $0.share > 0 }.min { distance($0.share) < distance($1.share) }?.bound
    }

    /// From a tenth, as a factor.
    private static func distance(_ share: Double) -> Double { share > 0.1 ? share / 0.1 : 0.1 / share }
}

extension ControlBefore {
    func write(to writer: inout StateWriter) {
        writer.write(totals.events)
        writer.write(totals.requests)
        writer.write(steps)
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        totals = ExposureTotals(
            events: try reader.amount("events before the release"),
            requests: try reader.amount("requests before the release")
        )
        steps = try reader.count("steps before the release", upTo: 1 << 40)
    }
}
