import Glibc

/// How far an empirical distribution function may lie from the true one, at all points and at all times at once.
///
/// S. R. Howard and A. Ramdas, "Sequential Estimation of Quantiles with Applications to A/B Testing and Best-arm
/// Identification", Bernoulli 28 (2022), theorem 2.
package enum DistributionBand {
    /// The half width for a number of requests (1 or more) at a level; infinite for fewer.
    package static func halfWidth(requests: Double, level: Double) -> Double {
        guard requests >= 1, level > 0, level < 1 else { return .infinity }
        let iterated = log(1 + log(requests))
        return 0.85 * ((iterated + 0.8 * log(1612 / level)) / requests).squareRoot()
    }
}
