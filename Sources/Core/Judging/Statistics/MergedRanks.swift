/// The ranks of shifted samples among others by the definition: both sorted sides are merged in total order.
///
/// For any numbers: infinite ones, zeros of both signs, and such that only differ before they are shifted.
enum MergedRanks {
    /// Both sides ascend in total order.
    static func counts(
        x: NumberBuffer,
        shift: Double,
        y: NumberBuffer
    ) -> ShiftedRanks.Counts {
        var doubledBelow = 0
        var tieSum = 0.0
        var (i, j) = (0, 0)
        while i < x.count || j < y.count {
            let left = i < x.count ? TotalOrder(x[i] - shift) : nil
            let right = j < y.count ? TotalOrder(y[j]) : nil
            guard let value = left.map({ left in right.map { min(left, $0) } ?? left }) ?? right else { break }
            let (startI, startJ) = (i, j)
            while i < x.count, TotalOrder(x[i] - shift) == value { i += 1 }
            while j < y.count, TotalOrder(y[j]) == value { j += 1 }
            doubledBelow += (i - startI) * (startJ + j)
            let length = Double(i - startI + j - startJ)
            tieSum += length * length * length - length
        }
        return ShiftedRanks.Counts(doubledBelow: doubledBelow, tieSum: tieSum)
    }
}
