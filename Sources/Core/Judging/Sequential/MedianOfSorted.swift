/// The median of numbers in ascending order.
enum MedianOfSorted {
    /// The middle number, or the mean of the two in the middle; NaN for none.
    static func of(_ sorted: [Double]) -> Double {
        guard !sorted.isEmpty else { return .nan }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
