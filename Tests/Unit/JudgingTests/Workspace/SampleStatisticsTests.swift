import Testing

@testable import Judging

@Suite struct SampleStatisticsTests {
    @Test func describesASample() {
        let statistics = CleanedSamples([1, 1, 1, 10, 10, 10]).described
        #expect(statistics.count == 6)
        #expect((statistics.minimum, statistics.maximum, statistics.mean) == (1, 10, 5.5))
        #expect(same(statistics.standardDeviation, 4.929503017546495))
    }

    @Test func isAllZeroWithoutSamples() {
        #expect(CleanedSamples([]).described == .empty)
    }

    @Test func oneSampleHasNoDeviation() {
        #expect(
            CleanedSamples([4]).described
                == SampleStatistics(count: 1, mean: 4, standardDeviation: 0, minimum: 4, maximum: 4)
        )
    }

    @Test func describesWhatIsThere() {
        let statistics = SampleStatistics(of: [.nan, 2, 4, .nan, 6])
        #expect(statistics.count == 3)
        #expect(statistics.mean == 4)
        #expect(statistics.standardDeviation == 2)
        #expect([statistics.minimum, statistics.maximum] == [2, 6])
        #expect(SampleStatistics(of: []) == .empty)
        #expect(SampleStatistics(of: [.nan]) == .empty)
        #expect(SampleStatistics(of: [3]) == .init(count: 1, mean: 3, standardDeviation: 0, minimum: 3, maximum: 3))
        #expect(SampleStatistics(of: [1, .infinity]).maximum == .infinity)
    }
}
