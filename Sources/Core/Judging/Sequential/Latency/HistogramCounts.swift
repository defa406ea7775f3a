/// The requests of one side in one unit of time by latency: how many took no longer than each bound.
package struct HistogramCounts: Sendable, Equatable {
    /// The finite upper bounds, ascending; 64 at most.
    package let bounds: [Double]
    /// The requests up to each bound; never falling.
    package internal(set) var cumulative: [Double]
    /// All requests.
    package internal(set) var total: Double

    package static let largestBoundCount = 64
    /// Counts that fall further than to this part of those below are not those up to a bound.
    private static let leastPart = 0.98

    /// Requests up to each bound. Of more than 64 bounds evenly spread ones stay. Counts that fall from bound to bound, as
    /// rounding makes them, are raised to those below.
    ///
    /// - Parameters:
    ///   - bounds: ascending; the last may be infinite.
    ///   - cumulative: requests up to each bound.
    ///   - total: all requests; without it they are those up to the last bound.
    /// - Returns: nil for bounds that do not ascend, counts that are missing, negative or no
    ///   numbers, or that fall by more than 2 % from one bound to the next.
    package init?(bounds: [Double], cumulative: [Double], total: Double? = nil) {
        guard bounds.count == cumulative.count, !bounds.isEmpty else { return nil }
        let largest = LikelihoodRatioEngine.largestCount / 4
        var raised: [Double] = []
        raised.reserveCapacity(cumulative.count)
        for count in cumulative {
            guard count >= 0, count <= largest, count >= (raised.last ?? 0) * Self.leastPart else { return nil }
            raised.append(max(count, raised.last ?? 0))
        }
        for index in bounds.indices.dropFirst() where !(bounds[index] > bounds[index - 1]) { return nil }
        let finite = bounds.last == .infinity ? bounds.count - 1 : bounds.count
        guard finite == 0 || (bounds[0].isFinite && bounds[finite - 1].isFinite) else { return nil }
        let all = total ?? raised[raised.count - 1]
        guard all >= 0, all <= largest else { return nil }
        let kept = Self.kept(finite)
        self.bounds = kept.map { bounds[$0] }
        self.cumulative = kept.map { raised[$0] }
        self.total = max(all, raised[raised.count - 1])
    }

    /// Goes on with counts that were checked before.
    init(unchecked bounds: [Double], _ cumulative: [Double], total: Double) {
        self.bounds = bounds
        self.cumulative = cumulative
        self.total = total
    }

    private static func kept(_ count: Int) -> [Int] {
        guard count > largestBoundCount else { return Array(0..<count) }
        return (0..<largestBoundCount).map { $0 * (count - 1) / (largestBoundCount - 1) }
    }

    /// The share of requests that took longer than each bound; nil without requests.
    package var sharesAbove: [Double]? {
        total > 0 ? cumulative.map { (total - $0) / total } : nil
    }

    /// Adds another unit; one with other bounds takes the place of what is there.
    mutating func add(_ other: HistogramCounts) {
        guard other.bounds == bounds else {
            self = other
            return
        }
        for index in cumulative.indices { cumulative[index] += other.cumulative[index] }
        total += other.total
    }

    /// The requests of two sides that took longer than a bound; between two bounds in proportion. Nil where the sides do not
    /// have the same bounds around it: what lies between different bounds cannot be compared.
    static func above(_ bound: Double, _ first: HistogramCounts, _ second: HistogramCounts) -> (Double, Double)? {
        guard let place = first.place(of: bound), let other = second.place(of: bound), place.lower == other.lower,
            place.upper == other.upper
        else { return nil }
        return (first.above(place), second.above(other))
    }

    /// Two bounds with a third between them or at the upper one.
    private struct Place {
        var index: Int
        var lower: Double
        var upper: Double
        /// How far up from the lower bound, 0 to 1.
        var part: Double
    }

    private func place(of bound: Double) -> Place? {
        guard let index = bounds.firstIndex(where: { $0 >= bound }) else { return nil }
        let upper = bounds[index]
        // At a bound of the histogram its neighbours do not matter.
        if upper == bound { return Place(index: index, lower: upper, upper: upper, part: 1) }
        let lower = index > 0 ? bounds[index - 1] : min(0, upper)
        guard bound > lower else { return nil }
        return Place(index: index, lower: lower, upper: upper, part: (bound - lower) / (upper - lower))
    }

    private func above(_ place: Place) -> Double {
        let upper = cumulative[place.index]
        guard place.lower < place.upper else { return total - upper }
        let lower = place.index > 0 ? cumulative[place.index - 1] : 0
        return max(0, total - (lower + place.part * (upper - lower)))
    }
}
