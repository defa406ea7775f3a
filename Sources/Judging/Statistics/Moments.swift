/// Mean and variance of a sample, computed in two passes so that rounding hardly shows.
///
/// The order of operations is that of Apache commons-math 3 (`Mean`, `Variance`): results agree to the last bit.
enum Moments {
    /// The arithmetic mean: m = Σx / n, then m + Σ(x - m) / n. NaN for no samples.
    static func mean(_ values: [Double]) -> Double {
        let count = Double(values.count)
        var sum = 0.0
        for value in values { sum += value }
        let first = sum / count
        var correction = 0.0
        for value in values { correction += value - first }
        return first + correction / count
    }

    /// The sample variance: (Σd² - (Σd)² / n) / (n - 1) with d = x - mean; 0 for one sample, NaN for none.
    static func variance(_ values: [Double]) -> Double {
        guard values.count > 1 else { return values.isEmpty ? .nan : 0 }
        let mean = mean(values)
        var squares = 0.0
        var deviations = 0.0
        for value in values {
            let deviation = value - mean
            squares += deviation * deviation
            deviations += deviation
        }
        let count = Double(values.count)
        return (squares - (deviations * deviations / count)) / (count - 1)
    }
}
