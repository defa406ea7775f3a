/// Samples of one metric that a judge with a state has not seen: those of the steps behind it.
package struct MetricIncrement: Sendable, Equatable {
    /// One side, a value per step; NaN marks a missing one.
    package enum Column: Sendable, Equatable {
        case values([Double])
        /// Events and requests of each step.
        case counts(CountColumn)
        /// Requests of each step up to each bound, and in all.
        case histogram(BucketColumn)
    }

    /// Nil where nothing is compared at the same time.
    package var control: Column?
    package var experiment: Column
    /// Events by the value of a label, of the same steps; nil where they are not asked for, or could not be.
    package var newValues: LabelledSides?
    /// Leading steps whose samples will not change any more.
    package var settled: Int
    /// The experiment's share of all requests by its event, 0 to 1; nil where the event does not say.
    package var declaredShare: Double?
    /// What the sides read as now in the steps right before, which have been folded in already; oldest first.
    package var controlBefore: [Double]
    package var experimentBefore: [Double]

    package init(
        control: Column?,
        experiment: Column,
        newValues: LabelledSides? = nil,
        settled: Int,
        declaredShare: Double? = nil,
        controlBefore: [Double] = [],
        experimentBefore: [Double] = []
    ) {
        self.control = control
        self.experiment = experiment
        self.newValues = newValues
        self.settled = settled
        self.declaredShare = declaredShare
        self.controlBefore = controlBefore
        self.experimentBefore = experimentBefore
    }

    /// Missing samples count as 0.
    package mutating func fillWithZeros() {
        control = control?.withZeros()
        experiment = experiment.withZeros()
    }
}

extension MetricIncrement.Column {
    /// Counts of all together.
    package static func counts(events: [Double], requests: [Double]) -> MetricIncrement.Column {
        .counts(CountColumn(events: events, requests: requests))
    }

    package var stepCount: Int {
        switch self {
        case .values(let values): values.count
        case .counts(let counts): counts.requests.count
        case .histogram(let buckets): buckets.stepCount
        }
    }

    /// What the side reads as, step by step: the value, the share of events, or the requests of a histogram. NaN where there
    /// is no sample; a step without requests has one, and reads as 0.
    package var shown: [Double] {
        switch self {
        case .values(let values): values
        case .counts(let counts):
            counts.requests.enumerated().map { step, requests in
                if requests.isNaN { return .nan }
                let events = counts.events.indices.contains(step) ? counts.events[step] : .nan
                return requests > 0 ? events / requests : 0
            }
        case .histogram(let buckets): (0..<buckets.stepCount).map { buckets.total(at: $0) }
        }
    }

    /// What is kept of the side to be looked at: as `shown`, and of a histogram the quantile that says most of few requests.
    package var kept: [Double] {
        guard case .histogram(let buckets) = self else { return shown }
        return (0..<buckets.stepCount).map { buckets.quantile(BucketColumn.keptQuantile, at: $0) }
    }

    /// With each of its series replaced, all in the same way.
    package func mapSeries(_ transform: ([Double]) -> [Double]) -> MetricIncrement.Column {
        switch self {
        case .values(let values): .values(transform(values))
        case .counts(let counts): .counts(counts.mapSeries(transform))
        case .histogram(let buckets):
            .histogram(BucketColumn(bounds: buckets.bounds, counts: buckets.counts.map(transform)))
        }
    }

    /// Without its first steps.
    package func dropFirst(_ steps: Int) -> MetricIncrement.Column {
        steps > 0 ? mapSeries { Array($0.dropFirst(steps)) } : self
    }

    /// With zeros for what is missing.
    package func withZeros() -> MetricIncrement.Column {
        mapSeries { $0.map { $0.isNaN ? 0 : $0 } }
    }
}

/// What is known of a metric from before the release.
package struct MetricHistory: Sendable, Equatable {
    /// The control's steps, oldest first, up to the release; NaN where there is none, or where the time is not to be learned from.
    package var control: MetricIncrement.Column?
    /// The experiment's in the same time, where values are compared: with the control's they are pairs.
    package var experiment: MetricIncrement.Column?
    /// The lifetime before the release, then the same stretch of earlier times as the analysis has, the latest first, each
    /// behind the lifetime before it, and behind as long a warm-up (`past` only).
    package var windows: [[Double]]
    /// The control's events by the value of a label, up to the release; nil where they are not asked for, or not known.
    package var controlValues: LabelledEvents?

    package init(
        control: MetricIncrement.Column? = nil,
        experiment: MetricIncrement.Column? = nil,
        windows: [[Double]] = [],
        controlValues: LabelledEvents? = nil
    ) {
        self.control = control
        self.experiment = experiment
        self.controlValues = controlValues
        self.windows = windows
    }
}
