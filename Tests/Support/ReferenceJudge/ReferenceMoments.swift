package import Judging

/// Mean, variance and extremes in the order of operations of Apache commons-math 3 (`Mean`, `Variance`).
package enum ReferenceMoments {
    /// m = Σx / n, then m + Σ(x - m) / n; NaN for no values.
    package static func mean(_ values: [Double]) -> Double {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let correction = values.reduce(0) { $0 + ($1 - mean) }
        return mean + correction / count
    }

    /// (Σd² - (Σd)² / n) / (n - 1) with d = x - mean; 0 for one value.
    package static func variance(_ values: [Double]) -> Double {
        if values.count == 1 { return 0 }
        let mean = mean(values)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let sum = values.reduce(0) { $0 + ($1 - mean) }
        let count = Double(values.count)
        return (squares - sum * sum / count) / (count - 1)
    }

    /// All zero for no values. Of zeros of both signs the last one is the minimum and the maximum.
    package static func statistics(of values: [Double]) -> SampleStatistics {
        if values.isEmpty { return .empty }
        return SampleStatistics(
            count: values.count,
            mean: mean(values),
            standardDeviation: variance(values).squareRoot(),
            minimum: values.reduce(values[0]) { $0 < $1 ? $0 : $1 },
            maximum: values.reduce(values[0]) { $0 > $1 ? $0 : $1 }
        )
    }

    /// mean(experiment) / mean(control); NaN when either mean is 0.
    package static func ratio(control: [Double], experiment: [Double]) -> Double {
        let controlMean = mean(control)
        let experimentMean = mean(experiment)
        return controlMean == 0 || experimentMean == 0 ? .nan : experimentMean / controlMean
    }
}
