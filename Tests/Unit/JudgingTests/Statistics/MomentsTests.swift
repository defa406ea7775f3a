import Testing

@testable import Judging

@Suite struct MomentsTests {
    @Test(
        arguments: [
            ([4.0], 4.0, 0.0),
            ([1, 1, 1, 10, 10, 10], 5.5, 24.3),
            ([-0.0, 0.0], 0, 0),
            ([1e308, 1e308], .nan, .nan),
            ([.infinity, 1], .nan, .nan),
        ] as [([Double], Double, Double)]
    )
    func meanAndVariance(values: [Double], mean: Double, variance: Double) {
        #expect(same(CleanedSamples(values).moments.mean, mean))
        #expect(same(CleanedSamples(values).moments.variance, variance))
    }

    @Test func noSamplesHaveNoMean() {
        #expect(CleanedSamples([]).moments.mean.isNaN)
        #expect(CleanedSamples([]).moments.variance.isNaN)
    }

    @Test func agreesToTheLastBit() {
        let values = [114.83652939695395, 99.5225035432457, 105.01099822924091, 98.37281931832514, 99.68720978445802]
        #expect(CleanedSamples(values).moments.mean.bitPattern == 0x4059_df1a_d24d_d353)
        #expect(CleanedSamples(values).moments.variance.squareRoot().bitPattern == 0x401b_61d1_60a8_5a4e)
    }
}
