import Judging

/// One sample a side, as judges see a unit that know no counts and no histograms.
struct SampledUnit {
    /// NaN where there is none.
    var control: Double
    var experiment: Double

    /// The quantile that is taken from a histogram.
    static let quantile = 0.95

    /// Counts become the share of events among requests, a histogram its 95th percentile.
    init(_ unit: EvaluatedUnit, of metric: EvaluatedMetric) {
        switch unit {
        case .values(let control, let experiment):
            self.control = control
            self.experiment = experiment
        case .counts(let counts):
            control = counts.controlExposure > 0 ? counts.controlEvents / counts.controlExposure : .nan
            experiment = counts.experimentExposure > 0 ? counts.experimentEvents / counts.experimentExposure : .nan
        case .latencies(let controlBuckets, let experimentBuckets):
            guard case .latency(let bounds, _) = metric.kind else {
                control = .nan
                experiment = .nan
                return
            }
            control = controlBuckets.quantile(Self.quantile, bounds: bounds)
            experiment = experimentBuckets.quantile(Self.quantile, bounds: bounds)
        }
    }
}
