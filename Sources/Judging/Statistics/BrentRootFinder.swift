/// Finds a zero of a function between two points by R. P. Brent's method ("Algorithms for Minimization without
/// Derivatives", 1973, chapter 4; the form of R's `zeroin`).
///
/// The tolerance is absolute, 1e-4, whatever the scale of the numbers: Kayenta's choice, and part of what its judge
/// answers for metrics of about that size.
enum BrentRootFinder {
    private static let tolerance = 1e-4
    private static let rounds = 1_001

    /// A point within the tolerance of a zero; the last point tried when the rounds run out (infinite ends do that).
    ///
    /// `valueAtLower` and `valueAtUpper` should have opposite signs.
    static func root<Failure: Error>(
        from lower: Double,
        to upper: Double,
        valueAtLower: Double,
        valueAtUpper: Double,
        of function: (Double) throws(Failure) -> Double
    ) throws(Failure) -> Double {
        // `best` is the best point so far, `previous` the one before it, `opposite` the other end of the bracket.
        var (previous, best, opposite) = (lower, upper, lower)
        var (valueAtPrevious, valueAtBest, valueAtOpposite) = (valueAtLower, valueAtUpper, valueAtLower)
        if isZero(valueAtPrevious) { return previous }
        if isZero(valueAtBest) { return best }

        for _ in 0..<rounds {
            let previousStep = best - previous
            if valueAtOpposite.magnitude < valueAtBest.magnitude {
                (previous, best, opposite) = (best, opposite, best)
                (valueAtPrevious, valueAtBest, valueAtOpposite) = (valueAtBest, valueAtOpposite, valueAtBest)
            }
            let tolerance = 2 * Double.ulpOfOne * best.magnitude + Self.tolerance / 2
            var step = (opposite - best) / 2
            if step.magnitude <= tolerance || isZero(valueAtBest) { return best }

            if previousStep.magnitude >= tolerance, valueAtPrevious.magnitude > valueAtBest.magnitude {
                let width = opposite - best
                var p: Double
                var q: Double
                if previous == opposite {
                    let t = valueAtBest / valueAtPrevious
                    p = width * t
                    q = 1 - t
                } else {
                    let r = valueAtPrevious / valueAtOpposite
                    let s = valueAtBest / valueAtOpposite
                    let t = valueAtBest / valueAtPrevious
                    p = t * (width * r * (r - s) - (best - previous) * (s - 1))
                    q = (r - 1) * (s - 1) * (t - 1)
                }
                if p > 0 { q = -q } else { p = -p }
                if p < 0.75 * width * q - (tolerance * q).magnitude / 2, p < (previousStep * q / 2).magnitude {
                    step = p / q
                }
            }
            if step.magnitude < tolerance { step = step > 0 ? tolerance : -tolerance }
            (previous, valueAtPrevious) = (best, valueAtBest)
            best += step
            valueAtBest = try function(best)
            if (valueAtBest > 0 && valueAtOpposite > 0) || (valueAtBest < 0 && valueAtOpposite < 0) {
                (opposite, valueAtOpposite) = (previous, valueAtPrevious)
            }
        }
        return best
    }

    /// Zero, or the smallest number beside it.
    private static func isZero(_ value: Double) -> Bool {
        value.magnitude <= .leastNonzeroMagnitude
    }
}
