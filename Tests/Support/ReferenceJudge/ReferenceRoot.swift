/// R. P. Brent's root finder ("Algorithms for Minimization without Derivatives", 1973, chapter 4) in the form of R's
/// `zeroin`, with Kayenta's absolute tolerance of 1e-4 and at most 1,001 steps.
package enum ReferenceRoot {
    /// A point near a zero of `f`; b is the best point so far, a its predecessor, c on the other side of the zero.
    package static func find<Failure: Error>(
        from lower: Double,
        to upper: Double,
        atLower: Double,
        atUpper: Double,
        of f: (Double) throws(Failure) -> Double
    ) throws(Failure) -> Double {
        var (a, fa) = (lower, atLower)
        var (b, fb) = (upper, atUpper)
        var (c, fc) = (a, fa)
        if isZero(fa) { return a }
        if isZero(fb) { return b }

        for _ in 0..<1_001 {
            let previousStep = b - a
            if abs(fc) < abs(fb) {
                (a, fa) = (b, fb)
                (b, fb) = (c, fc)
                (c, fc) = (a, fa)
            }
            let tolerance = 2 * Double.ulpOfOne * abs(b) + 1e-4 / 2
            let half = (c - b) / 2
            if abs(half) <= tolerance || isZero(fb) { return b }

            var step = half
            if abs(previousStep) >= tolerance && abs(fa) > abs(fb) {
                step = interpolated(a, b, c, fa, fb, fc, previousStep, tolerance) ?? half
            }
            if abs(step) < tolerance { step = step > 0 ? tolerance : -tolerance }
            (a, fa) = (b, fb)
            b += step
            fb = try f(b)
            if (fb > 0 && fc > 0) || (fb < 0 && fc < 0) { (c, fc) = (a, fa) }
        }
        return b
    }

    /// The step by secant or inverse quadratic interpolation; nil where it would leave the bracket or move too slowly.
    private static func interpolated(
        _ a: Double,
        _ b: Double,
        _ c: Double,
        _ fa: Double,
        _ fb: Double,
        _ fc: Double,
        _ previousStep: Double,
        _ tolerance: Double
    ) -> Double? {
        let width = c - b
        let t = fb / fa
        var p: Double
        var q: Double
        if a == c {
            p = width * t
            q = 1 - t
        } else {
            let r = fa / fc
            let s = fb / fc
            p = t * (width * r * (r - s) - (b - a) * (s - 1))
            q = (r - 1) * (s - 1) * (t - 1)
        }
        if p > 0 { q = -q } else { p = -p }
        let isInside = p < 0.75 * width * q - abs(tolerance * q) / 2
        return isInside && p < abs(previousStep * q / 2) ? p / q : nil
    }

    private static func isZero(_ value: Double) -> Bool {
        abs(value) <= .leastNonzeroMagnitude
    }
}
