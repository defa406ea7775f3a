import JudgingKernels

/// Mean and variance of a sample, computed in two passes so that rounding hardly shows.
///
/// T. F. Chan, G. H. Golub and R. J. LeVeque, "Algorithms for Computing the Sample Variance: Analysis and
/// Recommendations", The American Statistician 37 (1983). The order of operations is that of Apache commons-math 3
/// (`Mean`, `Variance`): results agree to the last bit. With u = 2^-53 and κ = sqrt(1 + mean²/variance), the mean's
/// relative error is about u while nκu is small, and the variance's is at most nu + n²κ²u².
struct Moments: Equatable {
    /// m = Σx / n, then m + Σ(x - m) / n. NaN for no samples.
    var mean: Double
    /// The sample variance, (Σd² - (Σd)² / n) / (n - 1) with d = x - mean; 0 for one sample, NaN for none.
    var variance: Double

    private init(_ moments: JudgingMoments, count: Int) {
        mean = moments.mean
        if count > 1 {
            let count = Double(count)
            variance = (moments.squares - (moments.deviations * moments.deviations / count)) / (count - 1)
        } else {
            variance = count == 1 ? 0 : .nan
        }
    }

    /// The moments of two samples.
    static func both(
        _ first: NumberBuffer,
        _ second: NumberBuffer,
        _ kernels: VectorKernels
    ) -> (Moments, Moments) {
        let moments = kernels.moments(first, second)
        return (Moments(moments.first, count: first.count), Moments(moments.second, count: second.count))
    }
}
