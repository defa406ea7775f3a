/// Finds a zero of a function between two points by R. P. Brent's method ("Algorithms for Minimization without
/// Derivatives", 1973, chapter 4; the form of R's `zeroin`).
///
/// A state machine: it says at which point it wants to know the function, and is told. The zero is found to within 1e-4
/// (plus 4 units in the last place): the tolerance is absolute, whatever the scale of the numbers. That is Kayenta's
/// choice, and part of what its judge answers for metrics of about that size.
struct BrentRootFinder {
    private static let tolerance = 1e-4
    private static let rounds = 1_001

    /// The best point so far, its predecessor, and the other end of the bracket, each with the function's value there.
    private var best: Point
    private var previous: Point
    private var opposite: Point
    private var round = 0

    private struct Point: Equatable {
        var position: Double
        var value: Double

        /// Zero, or the smallest number beside it.
        var isZero: Bool { value.magnitude <= .leastNonzeroMagnitude }

        /// Equal in every bit, also where a number is not equal to itself.
        static func == (left: Point, right: Point) -> Bool {
            left.position.bitPattern == right.position.bitPattern && left.value.bitPattern == right.value.bitPattern
        }
    }

    /// Searches between two points where the function should have opposite signs.
    init(from lower: Double, to upper: Double, valueAtLower: Double, valueAtUpper: Double) {
        previous = Point(position: lower, value: valueAtLower)
        best = Point(position: upper, value: valueAtUpper)
        opposite = previous
        if previous.isZero {
            best = previous
            round = Self.rounds
        } else if best.isZero {
            round = Self.rounds
        }
    }

    /// A point within the tolerance of a zero, once there is no next one; the last point tried when the rounds run out
    /// (infinite ends do that).
    var root: Double { best.position }

    /// Where the function is to be evaluated next; nil when the root is found.
    mutating func next() -> Double? {
        guard round < Self.rounds else { return nil }
        round += 1
        let previousStep = best.position - previous.position
        if opposite.value.magnitude < best.value.magnitude {
            (previous, best, opposite) = (best, opposite, best)
        }
        let tolerance = 2 * Double.ulpOfOne * best.position.magnitude + Self.tolerance / 2
        var step = (opposite.position - best.position) / 2
        if step.magnitude <= tolerance || best.isZero {
            round = Self.rounds
            return nil
        }
        if previousStep.magnitude >= tolerance, previous.value.magnitude > best.value.magnitude {
            step = interpolated(previousStep, tolerance) ?? step
        }
        if step.magnitude < tolerance { step = step > 0 ? tolerance : -tolerance }
        return best.position + step
    }

    /// Records the function's value at the point that `next` has named.
    mutating func record(_ value: Double, at position: Double) {
        let before = (previous, best, opposite)
        previous = best
        best = Point(position: position, value: value)
        if (value > 0 && opposite.value > 0) || (value < 0 && opposite.value < 0) { opposite = previous }
        // A search that has come back to where it was goes on so until the rounds run out.
        if (previous, best, opposite) == before { round = Self.rounds }
    }

    /// The step by inverse quadratic interpolation, or linear where two points are one; nil where it leads out of the
    /// bracket or is no faster than halving.
    private func interpolated(_ previousStep: Double, _ tolerance: Double) -> Double? {
        let width = opposite.position - best.position
        let t = best.value / previous.value
        var p: Double
        var q: Double
        if previous.position == opposite.position {
            p = width * t
            q = 1 - t
        } else {
            let r = previous.value / opposite.value
            let s = best.value / opposite.value
            p = t * (width * r * (r - s) - (best.position - previous.position) * (s - 1))
            q = (r - 1) * (s - 1) * (t - 1)
        }
        if p > 0 { q = -q } else { p = -p }
        guard p < 0.75 * width * q - (tolerance * q).magnitude / 2, p < (previousStep * q / 2).magnitude else {
            return nil
        }
        return p / q
    }
}
