/// The rank sum of one sample in the pooled order of two, ties sharing their mean rank.
///
/// F. Wilcoxon, "Individual Comparisons by Ranking Methods", Biometrics Bulletin 1 (1945). Every quantity is a multiple
/// of one half or an integer, so the sums are exact (up to 2^53) and do not depend on the order of addition.
struct RankSum: Equatable {
    /// The sum of the first sample's ranks, counted from 1.
    var first: Double
    /// Σ(t³ - t) over the groups of t tied values, over both samples.
    var ties: Double

    init(of first: [Double], among second: [Double]) {
        self.init(
            ofSorted: first.map(TotalOrder.init).sorted(),
            amongSorted: second.map(TotalOrder.init).sorted()
        )
    }

    /// Both samples ascending.
    init(ofSorted first: [TotalOrder], amongSorted second: [TotalOrder]) {
        self.first = 0
        ties = 0
        var (i, j) = (0, 0)
        while i < first.count || j < second.count {
            let value = i < first.count && (j == second.count || first[i] <= second[j]) ? first[i] : second[j]
            let (startI, startJ) = (i, j)
            while i < first.count, first[i] == value { i += 1 }
            while j < second.count, second[j] == value { j += 1 }
            let fromFirst = Double(i - startI)
            let length = fromFirst + Double(j - startJ)
            let meanRank = Double(startI + startJ) + (length + 1) / 2
            self.first += fromFirst * meanRank
            ties += length * length * length - length
        }
    }
}
