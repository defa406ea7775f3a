/// One metric of a look: the samples of both sides and how they are to be judged.
package struct MetricPair: Sendable, Equatable {
    /// The metric's name in the plan.
    package var name: String
    /// The groups that the metric counts in; an empty list means that it is in no group.
    package var groups: [String]
    /// Samples of the control side in time order; NaN marks a missing step. Control and experiment need not be of equal length.
    package var control: [Double]
    /// Samples of the experiment side in time order; NaN marks a missing step.
    package var experiment: [Double]
    package var settings: MetricSettings

    package init(
        name: String,
        groups: [String] = [],
        control: [Double],
        experiment: [Double],
        settings: MetricSettings = MetricSettings()
    ) {
        self.name = name
        self.groups = groups
        self.control = control
        self.experiment = experiment
        self.settings = settings
    }
}
