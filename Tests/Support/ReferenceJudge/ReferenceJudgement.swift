package import Judging

/// What the reference says about one metric.
package struct ReferenceJudgement: Sendable, Equatable {
    package var classification: MetricClassification
    package var reason: String?
    package var criticalFailure = false
    /// mean(experiment) / mean(control); 1 where nothing was compared, nil where all values are tied.
    package var ratio: Double? = 1
    /// The effect in the measure of the limits; nil where nothing was compared.
    package var effectValue: Double?
    /// Nil where nothing was compared.
    package var shift: ReferenceShift?
    package var control: SampleStatistics
    package var experiment: SampleStatistics
}
