import Testing

@testable import Judging

@Suite struct CleanedSamplesTests {
    @Test(
        arguments: [
            (NaNStrategy.remove, [0, .nan, 1, .nan], [0, 1]),
            (.remove, [.nan, .nan], []),
            (.replace, [.nan, 10.1, .nan], [0, 10.1, 0]),
            (.replace, [], []),
            (.remove, [.infinity, .nan, -.infinity], [.infinity, -.infinity]),
        ] as [(NaNStrategy, [Double], [Double])]
    )
    func handlesMissingSamples(strategy: NaNStrategy, samples: [Double], expected: [Double]) {
        let prepared = CleanedSamples(samples, settings: MetricSettings(nanStrategy: strategy))
        #expect(prepared.values.elementsEqual(expected))
        #expect(prepared.sorted.elementsEqual(expected.sorted()))
        #expect(prepared.described.count == expected.count)
    }

    @Test func removesOutliersAfterMissingSamples() {
        let samples = [Double](repeating: 1, count: 10) + [2, 3, .nan, 500] + [Double](repeating: 2, count: 10)
        let settings = MetricSettings(outliers: .remove(factor: 3))
        #expect(CleanedSamples(samples, settings: settings).values.contains(500) == false)
        #expect(CleanedSamples(samples, settings: settings).values.count == 22)
    }

    @Test(arguments: [0, -1, .nan, .infinity] as [Double])
    func hasAnAnswerForAnyFactor(factor: Double) {
        let prepared = CleanedSamples(
            [1, 2, 3, 4, 1e308],
            settings: MetricSettings(outliers: .remove(factor: factor))
        )
        #expect(prepared.values.count <= 5)
    }

    @Test func sortsNegativeZerosBeforePositiveOnes() {
        let side = CleanedSamples([0, 3, -0.0, 0, -1, -0.0, 0])
        #expect(side.sorted.map(\.bitPattern) == [-1, -0.0, -0.0, 0, 0, 0, 3].map(\.bitPattern))
    }

    @Test func ofZerosAsExtremesTheFirstOrTheLastInTimeIsTaken() {
        let side = CleanedSamples([0, 2, -0.0])
        #expect(side.extremes(ofZeros: .first).smallest.sign == .plus)
        #expect(side.extremes(ofZeros: .last).smallest.sign == .minus)
        #expect(side.extremes(ofZeros: .last).largest == 2)
    }

    @Test func keepsNothingOfWhatItHeldBefore() {
        var side = CleanedSamples([5, 1, 9, 7])
        var scratch = NumberBuffer()
        let next = [4.0, 2]
        side.load(next.span, settings: MetricSettings(), kernels: .common, scratch: &scratch)
        #expect(side.values.elementsEqual([4, 2]) && side.sorted.elementsEqual([2, 4]))
    }
}
