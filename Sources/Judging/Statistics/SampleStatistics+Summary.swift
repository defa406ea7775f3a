extension SampleStatistics {
    /// Describes a cleaned sample (no NaN); all zero for no samples.
    init(describing values: [Double]) {
        guard var minimum = values.first, var maximum = values.first else {
            self = .empty
            return
        }
        // On equal values the later one is kept, which shows only in the sign of a zero.
        for value in values.dropFirst() {
            minimum = minimum < value ? minimum : value
            maximum = maximum > value ? maximum : value
        }
        self.init(
            count: values.count,
            mean: Moments.mean(values),
            standardDeviation: Moments.variance(values).squareRoot(),
            minimum: minimum,
            maximum: maximum
        )
    }
}
