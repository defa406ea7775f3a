import Analysis
import Testing

@Suite struct TimeGridTests {
    @Test(
        arguments: [
            (0, 0, 0), (1, 0, 15_000), (14_999, 0, 15_000), (15_000, 15_000, 15_000), (-1, -15_000, 0),
            (-15_000, -15_000, -15_000), (-15_001, -30_000, -15_000),
        ] as [(Int64, Int64, Int64)]
    )
    func rounds(milliseconds: Int64, floor: Int64, ceiling: Int64) {
        let grid = TimeGrid(step: .seconds(15))
        let time = Timestamp(milliseconds: milliseconds)
        #expect(grid.floor(time).milliseconds == floor)
        #expect(grid.ceiling(time).milliseconds == ceiling)
    }

    @Test("A step below a millisecond is a millisecond", arguments: [Duration.zero, .seconds(-5), .microseconds(10)])
    func smallSteps(step: Duration) {
        #expect(TimeGrid(step: step).step == .milliseconds(1))
    }

    @Test func extremesDoNotTrap() {
        let grid = TimeGrid(step: .seconds(60))
        #expect(grid.floor(Timestamp(milliseconds: .min)).milliseconds == .min)
        #expect(grid.ceiling(Timestamp(milliseconds: .max)).milliseconds >= Int64.max - 60_000)
        #expect(TimeGrid(step: .milliseconds(Int64.max)).floor(Timestamp(milliseconds: -1)).milliseconds <= 0)
    }

    @Test(
        arguments: [
            (0, 60_000, 4), (1, 60_000, 3), (0, 0, 0), (60_000, 0, 0), (0, 14_999, 0),
            (Int64.min, Int64.max, 614_891_469_123_651),
        ] as [(Int64, Int64, Int)]
    )
    func sampleCount(start: Int64, end: Int64, count: Int) {
        let window = TimeWindow(start: Timestamp(milliseconds: start), end: Timestamp(milliseconds: end))
        #expect(window.sampleCount(step: .seconds(15)) == count)
    }

    @Test func shifted() {
        let window = TimeWindow(start: Timestamp(milliseconds: 1000), end: Timestamp(milliseconds: 3000))
        let earlier = window.shifted(by: .seconds(-1))
        #expect(earlier == TimeWindow(start: Timestamp(milliseconds: 0), end: Timestamp(milliseconds: 2000)))
        #expect(earlier.duration == .seconds(2))
    }
}
