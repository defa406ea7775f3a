import ReferenceJudge
import SeededRandom
import Testing

@testable import Judging

/// What is remembered, listed and skipped from shift to shift must not show: the counts are those of the definition.
@Suite struct ShiftedRanksTests {
    private static func expectDefinition(_ x: [Double], _ y: [Double], _ shifts: [Double], _ set: InstructionSet) {
        let kernels = VectorKernels(set)
        var ranks = ShiftedRanks(kernels: kernels)
        let (xs, ys) = (CleanedSamples(x, kernels: kernels), CleanedSamples(y, kernels: kernels))
        ranks.load(experiment: xs.sorted, control: ys.sorted)
        for shift in shifts {
            let expected = MergedRanks.counts(x: xs.sorted, shift: shift, y: ys.sorted)
            #expect(ranks.counts(shift: shift) == expected, "\(set), shift \(shift)")
        }
    }

    @Test(arguments: InstructionSet.available, [1, 7, 8, 9, 33, 64, 200])
    func closingInOnAShift(set: InstructionSet, count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let x = generator.samples(count, around: 5, spread: 2)
        let y = generator.samples(count + count / 3, around: 4, spread: 2)
        let nearer = (0..<60).map {
            1 + 8 * Double(sign: $0.isMultiple(of: 2) ? .plus : .minus, exponent: -$0, significand: 1)
        }
        Self.expectDefinition(x, y, nearer + nearer.reversed() + [-100, 100, 0], set)
    }

    @Test(arguments: InstructionSet.available)
    func tiedNumbersAtShiftsThatTieThem(set: InstructionSet) {
        var generator = SeededGenerator(seed: 5)
        let x = (0..<90).map { _ in Double(Int.random(in: 0...12, using: &generator)) }
        let y = (0..<70).map { _ in Double(Int.random(in: 0...9, using: &generator)) }
        let shifts = [3, -2, 0, 0.5, 0.25, 0.1, 0, 0.05, -0.5, 1, 1.5, 1.25, 1, 12, -9, 2, 2.5, 13, -10]
        Self.expectDefinition(x, y, shifts, set)
    }

    @Test(arguments: InstructionSet.available)
    func distinctNumbersAtShiftsThatTieThem(set: InstructionSet) {
        let x = (0..<40).map { Double($0 * $0) }
        let y = (0..<50).map { Double($0 * 7) + 0.5 }
        let shifts = [0.5, -0.5, 0, 0.25, 0.5, 7.5, 6.5, 7, 100.5, 99.5, 100, 343.5, -343.5]
        Self.expectDefinition(x, y, shifts, set)
    }

    @Test(
        arguments: [
            ([1e15, 1, 1 + 0x1p-52], [1, 2, 3]), ([.infinity, 1], [1, 2]), ([0, -0.0, 1], [0, 1]),
            ([1, 2], [-.infinity, .infinity, 0]), ([1e308], [-1e308, 0]),
        ] as [([Double], [Double])]
    )
    func numbersThatRoundingCouldTie(x: [Double], y: [Double]) {
        Self.expectDefinition(x, y, [0, 1, -1, 0.5, 1e15, -1e15, 1e308, .infinity, -.infinity], .best)
    }

    @Test func denormalNumbersAtTheirDifferences() {
        let unit = Double.leastNonzeroMagnitude
        let shifts = (-10..<10).map { Double($0) * unit }
        Self.expectDefinition([2 * unit, 9 * unit], [0, 2 * unit, 5 * unit], shifts, .best)
        Self.expectDefinition([2 * unit, 3 * unit, 9 * unit], [0, unit, 5 * unit], shifts, .best)
    }

    @Test func moreShiftsThanAreRemembered() {
        var generator = SeededGenerator(seed: 9)
        let x = generator.samples(300, around: 5, spread: 2)
        let y = generator.samples(300, around: 5, spread: 2)
        Self.expectDefinition(x, y, (0..<200).map { -4 + 0.04 * Double($0 * 77 % 200) }, .best)
    }

    @Test func theMergeOfSortedSidesIsTheDefinition() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<50 {
            let x = (0..<12).map { _ in Double(Int.random(in: -4...4, using: &generator)) / 2 }
            let y = (0..<9).map { _ in Double(Int.random(in: -4...4, using: &generator)) / 2 }
            let shift = Double(Int.random(in: -4...4, using: &generator)) / 2
            var statistic = MannWhitneyStatistic(experiment: x.count, control: y.count)
            let counts = MergedRanks.counts(x: CleanedSamples(x).sorted, shift: shift, y: CleanedSamples(y).sorted)
            #expect(try statistic.value(counts) == ReferenceStatistic.value(x: x, y: y, shift: shift))
        }
    }
}
