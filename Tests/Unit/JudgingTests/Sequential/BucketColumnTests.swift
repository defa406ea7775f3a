import Testing

@testable import Judging

@Suite("Buckets, step by step") struct BucketColumnTests {
    @Test(
        "A quantile is that of Prometheus",
        arguments: [
            ([10.0, 60, 100, 100], 0.5, 0.1 + 0.2 * 40 / 50), ([10, 60, 100, 100], 0.05, 0.05),
            ([0, 0, 0, 10], 0.95, 1), ([0, 10, 10, 10], 1, 0.3), ([10, 10, 10, 10], 0, 0),
        ]
    )
    func quantile(counts: [Double], share: Double, expected: Double) {
        let column = BucketColumn(bounds: [0.1, 0.3, 1, .infinity], counts: counts.map { [$0] })
        #expect(abs(column.quantile(share, at: 0) - expected) < 1e-12)
    }

    @Test("Without requests or with missing counts there is none")
    func none() {
        let bounds = [0.1, .infinity]
        #expect(BucketColumn(bounds: bounds, counts: [[0], [0]]).quantile(0.5, at: 0).isNaN)
        #expect(BucketColumn(bounds: bounds, counts: [[.nan], [1]]).quantile(0.5, at: 0).isNaN)
        #expect(BucketColumn(bounds: bounds, counts: [[1], [1]]).quantile(0.5, at: 1).isNaN)
        #expect(BucketColumn(bounds: [], counts: []).quantile(0.5, at: 0).isNaN)
    }
}
