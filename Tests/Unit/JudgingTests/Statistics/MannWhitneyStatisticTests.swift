import SeededRandom
import Testing

@testable import Judging

@Suite struct MannWhitneyStatisticTests {
    private static func z(
        x: [Double],
        y: [Double],
        shift: Double
    ) throws(MannWhitneyStatistic.AllTied) -> Double {
        var ranks = ShiftedRanks(kernels: .common)
        ranks.load(experiment: CleanedSamples(x).sorted, control: CleanedSamples(y).sorted)
        var statistic = MannWhitneyStatistic(experiment: x.count, control: y.count)
        return try statistic.value(ranks.counts(shift: shift))
    }

    @Test func matchesTheFormula() throws {
        // w = 26 - 10 - 8 = 8, σ² = 16/12 * 9, z = 7.5 / σ.
        #expect(same(try Self.z(x: [10, 20, 30, 40], y: [1, 2, 3, 4], shift: 0), 7.5 / 12.0.squareRoot()))
        #expect(same(try Self.z(x: [10, 20, 30, 40], y: [1, 2, 3, 4], shift: 100), -7.5 / 12.0.squareRoot()))
    }

    @Test func hasNoContinuityCorrectionAtZero() throws {
        #expect(try Self.z(x: [1, 4], y: [2, 3], shift: 0) == 0)
    }

    @Test func fallsAsTheShiftGrows() throws {
        var generator = SeededGenerator(seed: 4)
        let x = generator.samples(20, around: 5, spread: 1)
        let y = generator.samples(15, around: 5, spread: 1)
        let values = try stride(from: -8.0, through: 8, by: 0.25).map { try Self.z(x: x, y: y, shift: $0) }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 >= $1 })
    }

    @Test(arguments: [([1.0], [1.0]), ([2, 2], [2, 2, 2]), ([.infinity], [.infinity])] as [([Double], [Double])])
    func throwsWhereAllValuesAreTied(x: [Double], y: [Double]) {
        #expect(throws: MannWhitneyStatistic.AllTied()) { try Self.z(x: x, y: y, shift: 0) }
    }
}
