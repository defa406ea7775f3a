/// The effect size mean(experiment) / mean(control).
enum MeanRatio {
    /// NaN when either mean is 0: there is no sensible ratio then.
    static func of(control: [Double], experiment: [Double]) -> Double {
        let controlMean = Moments.mean(control)
        let experimentMean = Moments.mean(experiment)
        return controlMean == 0 || experimentMean == 0 ? .nan : experimentMean / controlMean
    }
}
