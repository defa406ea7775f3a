/// What both sides counted in one unit of time.
package struct CountsUnit: Sendable, Equatable {
    /// Events of the experiment and of the control; parts of events are fine.
    package let experimentEvents: Double
    package let controlEvents: Double
    /// What they could have happened to: requests, or replica-seconds.
    package let experimentExposure: Double
    package let controlExposure: Double

    package init(
        experimentEvents: Double,
        controlEvents: Double,
        experimentExposure: Double,
        controlExposure: Double
    ) {
        self.experimentEvents = experimentEvents
        self.controlEvents = controlEvents
        self.experimentExposure = experimentExposure
        self.controlExposure = controlExposure
    }

    /// All four are numbers that can be counted.
    var isCountable: Bool {
        let largest = LikelihoodRatioEngine.largestCount / 2
        return experimentEvents >= 0 && experimentEvents <= largest && controlEvents >= 0 && controlEvents <= largest
            && experimentExposure >= 0 && experimentExposure <= largest && controlExposure >= 0
            && controlExposure <= largest
    }

    /// The experiment's share of the exposure; nil where a side has none, or less than rounding leaves of the other's: such
    /// a unit says nothing.
    var share: Double? {
        guard experimentExposure > 0, controlExposure > 0 else { return nil }
        let share = experimentExposure / (experimentExposure + controlExposure)
        return share > 1e-12 && share < 1 - 1e-12 ? share : nil
    }
}
