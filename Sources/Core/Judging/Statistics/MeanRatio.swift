/// The effect size mean(experiment) / mean(control).
enum MeanRatio {
    /// NaN when either mean is 0: there is no sensible ratio then. One rounding beside those of the means.
    static func of(control: Double, experiment: Double) -> Double {
        control == 0 || experiment == 0 ? .nan : experiment / control
    }
}
