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
    /// What a judge with a state has not seen of both sides. Such a pair has no other samples.
    package var increment: MetricIncrement?
    /// What that judge has made of all before.
    package var state: SequentialState?
    /// Why that judge could compare little of the increment, though it has samples.
    var obstacle: String?

    package init(
        name: String,
        groups: [String] = [],
        control: [Double],
        experiment: [Double],
        settings: MetricSettings = MetricSettings(),
        increment: MetricIncrement? = nil,
        state: SequentialState? = nil
    ) {
        self.name = name
        self.groups = groups
        self.control = control
        self.experiment = experiment
        self.settings = settings
        self.increment = increment
        self.state = state
    }
}
