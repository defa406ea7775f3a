/// The Mann-Whitney interval of the shift experiment - control, and its estimate.
package struct ReferenceShift: Sendable, Equatable {
    package var lower: Double
    package var upper: Double
    package var estimate: Double
    package var bound: Double

    /// The standard normal quantile at 0.01, as commons-math 3 computes it: a confidence of 98 %.
    package static let quantile = -2.326347874040841

    /// Neither side may be empty. The ends are where W crosses ±quantile, or the extreme differences where it does not
    /// get there; the estimate is where it crosses 0.
    package init(
        control: [Double],
        experiment: [Double],
        quantile: Double = ReferenceShift.quantile
    ) throws(ReferenceStatistic.AllTied) {
        let smallest = Self.minimum(experiment) - Self.maximum(control)
        let largest = Self.maximum(experiment) - Self.minimum(control)
        func w(_ shift: Double) throws(ReferenceStatistic.AllTied) -> Double {
            try ReferenceStatistic.value(x: experiment, y: control, shift: shift)
        }
        let atSmallest = try w(smallest)
        let atLargest = try w(largest)

        func crossing(_ level: Double) throws(ReferenceStatistic.AllTied) -> Double {
            try ReferenceRoot.find(
                from: smallest,
                to: largest,
                atLower: atSmallest - level,
                atUpper: atLargest - level
            ) { (shift: Double) throws(ReferenceStatistic.AllTied) in try w(shift) - level }
        }
        func end(_ level: Double) throws(ReferenceStatistic.AllTied) -> Double {
            if atSmallest - level <= 0 { return smallest }
            if atLargest - level >= 0 { return largest }
            return try crossing(level)
        }
        lower = try end(-quantile)
        upper = try end(quantile)
        estimate = try crossing(0)
        bound = 0.25 * estimate.magnitude
    }

    /// Of zeros of both signs the first is taken, here and below. NaN, which noise makes of infinite constants, is lost
    /// to the value after it and taken over the previous value, as Scala's `min` and `max` have it.
    private static func minimum(_ values: [Double]) -> Double {
        values.dropFirst().reduce(values[0]) { $0 <= $1 ? $0 : $1 }
    }

    private static func maximum(_ values: [Double]) -> Double {
        values.dropFirst().reduce(values[0]) { $0 >= $1 ? $0 : $1 }
    }
}
