import Testing

@testable import Judging

@Suite struct PreparedSamplesTests {
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
        let prepared = PreparedSamples(samples, settings: MetricSettings(nanStrategy: strategy))
        #expect(prepared.values == expected)
        #expect(prepared.statistics.count == expected.count)
    }

    @Test func removesOutliersAfterMissingSamples() {
        let samples = [Double](repeating: 1, count: 10) + [2, 3, .nan, 500] + [Double](repeating: 2, count: 10)
        let settings = MetricSettings(outliers: .remove(factor: 3))
        #expect(PreparedSamples(samples, settings: settings).values.contains(500) == false)
        #expect(PreparedSamples(samples, settings: settings).values.count == 22)
    }

    @Test(arguments: [0, -1, .nan, .infinity] as [Double])
    func hasAnAnswerForAnyFactor(factor: Double) {
        let prepared = PreparedSamples(
            [1, 2, 3, 4, 1e308],
            settings: MetricSettings(outliers: .remove(factor: factor))
        )
        #expect(prepared.values.count <= 5)
    }
}
