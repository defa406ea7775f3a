import Judging
import ReferenceJudge
import SeededRandom
import Testing

/// The reference's numerics against their definitions, counted out.
@Suite struct ReferenceJudgeTests {
    @Test(
        arguments: [
            ([], []),
            ([5], [1]),
            ([3, 1, 2], [3, 1, 2]),
            ([2, 2, 1], [2.5, 2.5, 1]),
            ([0, -0.0, 0], [2.5, 1, 2.5]),
            ([.nan, .infinity, -.infinity, 1], [3.5, 3.5, 1, 2]),
            ([.greatestFiniteMagnitude, -.leastNonzeroMagnitude, 0], [3, 1, 2]),
        ] as [([Double], [Double])]
    )
    func ranks(values: [Double], expected: [Double]) {
        #expect(ReferenceRanks.ranks(of: values) == expected)
    }

    @Test(arguments: [SampleFamily.smallIntegers, .normal, .signedZeros, .infinite, .roundedToTenths])
    func rankSumsAreSumsOfRanks(family: SampleFamily) {
        for seed: UInt64 in 0..<30 {
            let pair = RandomPair(family, seed: seed).pair
            let ranks = ReferenceRanks.ranks(of: pair.experiment + pair.control)
            let sums = ReferenceRanks.sums(x: pair.experiment, y: pair.control)
            #expect(sums.ranksOfX == ranks.prefix(pair.experiment.count).reduce(0, +))
            // Every value of a group of t adds t² - 1.
            let ties = ranks.reduce(0.0) { sum, rank in
                let size = Double(ranks.count { $0 == rank })
                return sum + (size * size - 1)
            }
            #expect(sums.ties == ties)
        }
    }

    @Test func commonLanguageEffectSizeCountsPairs() {
        for seed: UInt64 in 0..<30 {
            let pair = RandomPair(.smallIntegers, seed: seed, size: 12).pair
            var count = 0.0
            for x in pair.experiment {
                for y in pair.control { count += x > y ? 1 : x == y ? 0.5 : 0 }
            }
            let size = ReferenceRanks.commonLanguageEffectSize(control: pair.control, experiment: pair.experiment)
            #expect(size == count / 144)
        }
    }

    /// W(d) of the swapped sides is -W(-d), exactly so where differences are exact.
    @Test func statisticIsAntisymmetric() throws {
        for seed: UInt64 in 0..<200 {
            var generator = SeededGenerator(seed: seed)
            let x = (0..<(2 + generator.integer(below: 20))).map { _ in Double(generator.integer(below: 6)) }
            let y = (0..<(2 + generator.integer(below: 20))).map { _ in Double(generator.integer(below: 6)) }
            let shift = Double(generator.integer(below: 21) - 10) / 4
            let there = try? ReferenceStatistic.value(x: x, y: y, shift: shift)
            let back = try? ReferenceStatistic.value(x: y, y: x, shift: -shift)
            #expect(there == back.map { -$0 }, "seed \(seed): \(x) \(y) \(shift)")
        }
    }

    @Test func statisticOfTiesHasNoScale() {
        #expect(throws: ReferenceStatistic.AllTied.self) {
            try ReferenceStatistic.value(x: [3, 3], y: [1, 1, 1], shift: 2)
        }
    }

    @Test(
        arguments: [
            ([], 0.5, .nan), ([4], 0.25, 4), ([1, 2], 0.5, 1.5), ([3, 1, 2], 0.75, 2.5),
            ([0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5], 0.05, 0.17500000000000004),
        ] as [([Double], Double, Double)]
    )
    func quantiles(values: [Double], fraction: Double, expected: Double) {
        #expect(isSame(ReferenceQuantile.quantile(of: values, at: fraction), expected))
    }

    @Test func findsRoots() {
        let root = ReferenceRoot.find(from: 0, to: 2, atLower: -2, atUpper: 2) { $0 * $0 - 2 }
        #expect((root - 2.0.squareRoot()).magnitude < 1e-4)
    }
}
