/// The values of both sides in one step.
package struct GaugeStep: Sendable, Equatable {
    package let control: Double
    package let experiment: Double

    /// Values beyond it are mistakes.
    static let largestValue = 1e50

    package init(control: Double, experiment: Double) {
        self.control = control
        self.experiment = experiment
    }

    /// Both are numbers of a size that can be.
    var isUsable: Bool {
        control.magnitude <= Self.largestValue && experiment.magnitude <= Self.largestValue
    }
}
