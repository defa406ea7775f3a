import Testing

@testable import Judging

@Suite struct QuantileTests {
    private static let eight = [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]
    private static let laboratory = [
        95.1772, 95.1567, 95.1937, 95.1959, 95.1442, 95.061, 95.1591, 95.1195, 95.1772, 95.0925, 95.199, 95.1682,
    ]

    @Test(
        arguments: [
            (eight, 0.05, 0.17500000000000004),
            (eight, 0.5, 1.75),
            (eight, 1, 3.5),
            (eight, 0, 0),
            ([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 0.5, 4.5),
            (laboratory, 0.9, 95.19568),
            ([1], 0.99, 1),
            ([1, .infinity], 0.5, .infinity),
            ([-.infinity, .infinity], 0.25, .nan),
        ] as [([Double], Double, Double)]
    )
    func type7(values: [Double], fraction: Double, expected: Double) {
        #expect(same(Quantile.type7(ofSorted: values.sorted(), at: fraction), expected))
    }

    @Test func noSamplesHaveNoQuantile() {
        #expect(Quantile.type7(ofSorted: [], at: 0.5).isNaN)
    }
}
