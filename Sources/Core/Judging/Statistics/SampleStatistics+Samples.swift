extension SampleStatistics {
    /// Describes samples as they are, without those that are missing (NaN). For showing what was there, not for judging.
    package init(of samples: [Double]) {
        self = .empty
        var sum = 0.0
        for sample in samples where !sample.isNaN {
            sum += sample
            minimum = count == 0 ? sample : min(minimum, sample)
            maximum = count == 0 ? sample : max(maximum, sample)
            count += 1
        }
        guard count > 0 else { return }
        mean = sum / Double(count)
        guard count > 1 else { return }
        var squares = 0.0
        for sample in samples where !sample.isNaN { squares += (sample - mean) * (sample - mean) }
        standardDeviation = (squares / Double(count - 1)).squareRoot()
    }
}
