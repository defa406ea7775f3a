import JudgingKernels

/// How the samples of the experiment rank among those of the control while a shift between the sides is taken off.
///
/// The definition sorts both sides anew for each shift. Here each side is sorted once, and what is known of some shifts is
/// used for the next:
///
/// - x - d rounds, but never changes the order of two x, so that ranks come from merging two sorted sides. They are
///   exactly those of the definition.
/// - As d grows ranks fall, one by one. Between two shifts whose ranks are known only the pairs (x, y) whose order
///   differs can change. When these are few they are listed once, and counted for every later shift in between; when
///   there are none, nothing is left to count.
///
/// Where rounding makes equal what was not (numbers of very different size), with infinite numbers, and with zeros of both
/// signs, the sides are merged plainly (`MergedRanks`).
struct ShiftedRanks: Sendable {
    /// What the Mann-Whitney statistic needs to know of one shift.
    struct Counts: Sendable, Equatable {
        /// Twice the number of pairs (x, y) with y < x - shift, and once that of the pairs with y = x - shift.
        var doubledBelow: Int
        /// Σ(t³ - t) over the groups of t equal numbers in both samples together.
        var tieSum: Double
    }

    /// A shift for which the rank of every x is known.
    private struct Known {
        var shift: Double
        /// The pairs of distinct numbers below it, and below it or tied.
        var below: Int
        var reached: Int
        /// The pairs of samples below it.
        var samplesBelow: Int
        var counts: Counts
        /// The row of `ranks`.
        var row: Int
    }

    /// The listed pairs and the shifts between which they are all that can change.
    private struct CloseUp {
        var lower: Double
        var upper: Double
        /// The pairs of samples that lie below everywhere in between.
        var samplesBelow: Int
    }

    private let kernels: VectorKernels
    private var x = WeightedNumbers()
    private var y = WeightedNumbers()
    private var xCount = 0
    private var yCount = 0
    private var isWeighted = false
    private var isPlain = false
    /// Ascending by shift, from -infinity to infinity.
    private var known: [Known] = []
    private var ranks = RankBuffer()
    /// The row for shifts that are not remembered.
    private var spareRow = 0
    private var pairs = ListedPairs()
    private var closeUp: CloseUp?
    /// The latest shifts for which the sides were merged.
    private var merges: [(shift: Double, counts: Counts)] = []

    /// So many shifts are remembered with their ranks; later ones are counted and forgotten.
    private static let rememberedShifts = 64

    init(kernels: VectorKernels) {
        self.kernels = kernels
    }

    /// Loads two samples, both sorted and not empty.
    mutating func load(experiment: NumberBuffer, control: NumberBuffer) {
        x.numbers.copy(experiment)
        y.numbers.copy(control)
        xCount = experiment.count
        yCount = control.count
        known.removeAll(keepingCapacity: true)
        closeUp = nil
        merges.removeAll(keepingCapacity: true)

        let xGaps = kernels.gaps(x.numbers)
        isPlain = !isRegular(smallestGap: xGaps.smallest)
        guard !isPlain else { return }
        isWeighted = xGaps.hasTies != 0 || kernels.gaps(y.numbers).hasTies != 0
        if isWeighted {
            x.weigh()
            y.weigh()
        } else {
            x.forgetWeights()
            y.forgetWeights()
        }

        ranks.clear(count: x.numbers.count)
        let ties = x.tieSum + y.tieSum
        let all = (pairs: x.numbers.count * y.numbers.count, samples: xCount * yCount)
        known.append(
            Known(
                shift: -.infinity,
                below: all.pairs,
                reached: all.pairs,
                samplesBelow: all.samples,
                counts: Counts(doubledBelow: 2 * all.samples, tieSum: ties),
                row: ranks.append(repeating: y.numbers.count)
            )
        )
        known.append(
            Known(
                shift: .infinity,
                below: 0,
                reached: 0,
                samplesBelow: 0,
                counts: Counts(doubledBelow: 0, tieSum: ties),
                row: ranks.append(repeating: 0)
            )
        )
        spareRow = ranks.append()
    }

    /// Finite numbers without a negative zero whose smallest gap is larger than what rounding x - shift can close, for
    /// every shift that lies within the differences of the two sides.
    private func isRegular(smallestGap: Double) -> Bool {
        let largestX = max(x.numbers.lowest.magnitude, x.numbers.highest.magnitude)
        let largestY = max(y.numbers.lowest.magnitude, y.numbers.highest.magnitude)
        let largest = 2 * largestX + largestY
        return largest.isFinite && smallestGap > largest.ulp && !x.numbers.hasNegativeZero && !y.numbers.hasNegativeZero
    }

    // MARK: - One shift

    /// The counts at a shift that lies within the differences of the two sides, or at 0.
    mutating func counts(shift: Double) -> Counts {
        guard !isPlain else { return countsOfMerge(shift) }
        if let counts = countsInCloseUp(shift) { return counts }

        let next = known.firstIndex { $0.shift >= shift } ?? known.count - 1
        let upper = known[next]
        if upper.shift == shift { return upper.counts }
        let lower = known[next - 1]

        let open = lower.reached - upper.below
        if open == 0 { return Counts(doubledBelow: 2 * upper.samplesBelow, tieSum: x.tieSum + y.tieSum) }
        if open <= listedPairs {
            list(open, between: lower, and: upper)
            if let counts = countsInCloseUp(shift) { return counts }
        }
        return countsOfAll(shift, at: next)
    }

    /// Listing costs about as much as ranking once; counting listed pairs then costs a fifth of it.
    private var listedPairs: Int { 2 * x.numbers.count }

    /// Merges the sides, unless that was done for the same shift lately: between infinite ends a search goes to and fro
    /// between the same few points for all of its rounds.
    private mutating func countsOfMerge(_ shift: Double) -> Counts {
        if let merge = merges.first(where: { $0.shift.bitPattern == shift.bitPattern }) { return merge.counts }
        let counts = MergedRanks.counts(x: x.numbers, shift: shift, y: y.numbers)
        if merges.count == 4 { merges.removeFirst() }
        merges.append((shift, counts))
        return counts
    }

    // MARK: - The ends

    /// The counts at the smallest difference of the two sides: only the lowest x and the highest y are not below.
    func counts(smallestShift shift: Double) -> Counts {
        guard !isPlain else { return MergedRanks.counts(x: x.numbers, shift: shift, y: y.numbers) }
        var notBelow = TiedPairs()
        var i = 0
        while i < x.numbers.count, y.numbers.highest >= x.numbers[i] - shift {
            let shifted = x.numbers[i] - shift
            var j = y.numbers.count - 1
            while j >= 0, y.numbers[j] >= shifted {
                notBelow.add(weights(i, j), areTied: y.numbers[j] == shifted)
                j -= 1
            }
            i += 1
        }
        return Counts(
            doubledBelow: 2 * (xCount * yCount - notBelow.others) - notBelow.ties,
            tieSum: x.tieSum + y.tieSum + notBelow.tieSum
        )
    }

    /// The counts at the largest difference: only the highest x and the lowest y are not above.
    func counts(largestShift shift: Double) -> Counts {
        guard !isPlain else { return MergedRanks.counts(x: x.numbers, shift: shift, y: y.numbers) }
        var notAbove = TiedPairs()
        var i = x.numbers.count - 1
        while i >= 0, y.numbers.lowest <= x.numbers[i] - shift {
            let shifted = x.numbers[i] - shift
            var j = 0
            while j < y.numbers.count, y.numbers[j] <= shifted {
                notAbove.add(weights(i, j), areTied: y.numbers[j] == shifted)
                j += 1
            }
            i -= 1
        }
        return Counts(
            doubledBelow: 2 * notAbove.others + notAbove.ties,
            tieSum: x.tieSum + y.tieSum + notAbove.tieSum
        )
    }

    private func weights(_ i: Int, _ j: Int) -> (Int, Int) {
        isWeighted ? (Int(x.weights[i]), Int(y.weights[j])) : (1, 1)
    }

    private func countsInCloseUp(_ shift: Double) -> Counts? {
        guard let closeUp, closeUp.lower < shift, shift < closeUp.upper else { return nil }
        let found = kernels.count(pairs, weighted: isWeighted, shift: shift)
        // The tie sum of weighted pairs depends on which they are.
        guard found.ties == 0 || !isWeighted else { return nil }
        let ties = Int(found.ties)
        return Counts(
            doubledBelow: 2 * (closeUp.samplesBelow + Int(found.below)) + ties,
            tieSum: x.tieSum + y.tieSum + 6 * Double(ties)
        )
    }

    private mutating func list(_ count: Int, between lower: Known, and upper: Known) {
        pairs.reserve(count)
        kernels.list(
            x,
            y,
            weighted: isWeighted,
            between: (shift: lower.reached > lower.below ? lower.shift : .nan, row: lower.row),
            and: upper.row,
            of: ranks,
            into: &pairs
        )
        closeUp = CloseUp(lower: lower.shift, upper: upper.shift, samplesBelow: upper.samplesBelow)
    }

    /// Ranks every x and remembers the result before the known shift at `position`.
    private mutating func countsOfAll(_ shift: Double, at position: Int) -> Counts {
        let isRemembered = known.count < Self.rememberedShifts
        let row = isRemembered ? ranks.append() : spareRow
        let found = kernels.ranks(of: x.numbers, shift: shift, among: y.numbers, into: &ranks, row: row)
        let ties = Int(found.ties)
        var entry = Known(
            shift: shift,
            below: Int(found.below),
            reached: Int(found.below) + ties,
            samplesBelow: Int(found.below),
            counts: Counts(
                doubledBelow: 2 * Int(found.below) + ties,
                tieSum: x.tieSum + y.tieSum + 6 * Double(ties)
            ),
            row: row
        )
        if isWeighted { weigh(&entry, hasTies: ties > 0) }
        if isRemembered { known.insert(entry, at: position) }
        return entry.counts
    }

    /// Counts samples where distinct numbers have been counted.
    private func weigh(_ entry: inout Known, hasTies: Bool) {
        var below: Int64 = 0
        var tied = TiedPairs()
        for index in 0..<x.numbers.count {
            let rank = ranks[entry.row, index]
            below += x.weights[index] * y.before[rank]
            guard hasTies, rank < y.numbers.count, y.numbers[rank] == x.numbers[index] - entry.shift else { continue }
            tied.add(weights(index, rank), areTied: true)
        }
        entry.samplesBelow = Int(below)
        entry.counts = Counts(
            doubledBelow: 2 * Int(below) + tied.ties,
            tieSum: x.tieSum + y.tieSum + tied.tieSum
        )
    }
}
