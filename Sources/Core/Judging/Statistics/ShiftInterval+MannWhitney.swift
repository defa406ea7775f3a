extension ShiftInterval {
    private static let confidence = 0.98
    private static let boundFraction = 0.25

    /// The Mann-Whitney interval and estimate of the shift experiment - control, at 98 % confidence.
    ///
    /// The ends are the shifts at which the statistic reaches the normal quantiles; the estimate is where it reaches 0
    /// (continuity correction included, so any point of the flat part around the median of J. L. Hodges and
    /// E. L. Lehmann, "Estimates of Location Based on Rank Tests", Annals of Mathematical Statistics 34, 1963). Where the
    /// level cannot be reached, with very few samples, the ends are the extreme differences of the samples. The bound is
    /// a quarter of the estimate's size.
    ///
    /// Each number lies within 1e-4 of its definition, the root finder's tolerance, however small the samples are. Neither
    /// side may be empty.
    init(
        control: CleanedSamples,
        experiment: CleanedSamples,
        ranks: inout ShiftedRanks
    ) throws(MannWhitneyStatistic.AllTied) {
        ranks.load(experiment: experiment.sorted, control: control.sorted)
        let (lowestControl, highestControl) = control.extremes(ofZeros: .first)
        let (lowestExperiment, highestExperiment) = experiment.extremes(ofZeros: .first)
        var search = try ShiftSearch(
            MannWhitneyStatistic(experiment: experiment.count, control: control.count),
            from: lowestExperiment - highestControl,
            to: highestExperiment - lowestControl,
            ranks: &ranks
        )
        let lower = try search.end(at: NormalQuantile.at99Percent, &ranks)
        let upper = try search.end(at: -NormalQuantile.at99Percent, &ranks)
        let estimate = try search.shift(at: 0, &ranks)
        self.init(
            lower: lower,
            upper: upper,
            estimate: estimate,
            confidence: Self.confidence,
            bound: Self.boundFraction * estimate.magnitude
        )
    }
}
