import Analysis
import Testing

/// When an analysis looks, and at what.
@Suite struct LookScheduleTests {
    /// Not on the grid of ten seconds.
    private let deployedAt = Timestamp(rfc3339: "2026-03-01T10:00:03Z")!
    private let start = Timestamp(rfc3339: "2026-03-01T10:01:10Z")!

    private func schedule(
        interval: Duration = .seconds(20),
        lifetime: Duration = .seconds(60),
        window: AnalysisSchedule.Window = .growing
    ) -> LookSchedule {
        LookSchedule(
            AnalysisSchedule(
                warmup: .seconds(60),
                step: .seconds(10),
                interval: interval,
                lifetime: lifetime,
                window: window,
                delay: .seconds(5),
                deadline: .seconds(600)
            ),
            deployedAt: deployedAt
        )
    }

    @Test func beginsOnTheGridAfterTheWarmUp() {
        #expect(schedule().start == start)
        let plan = AnalysisSchedule(step: .seconds(10), interval: .seconds(20), lifetime: .seconds(20))
        #expect(LookSchedule(plan, deployedAt: start).start == start)
    }

    @Test func growingWindowsBeginAtTheStart() {
        let schedule = schedule()
        #expect(schedule.count == 3)
        for (number, end) in [(1, 20), (2, 40), (3, 60)] {
            let look = schedule.look(number)
            #expect(look.number == number)
            #expect(look.window == TimeWindow(start: start, end: start + .seconds(end)))
            #expect(look.due == start + .seconds(end + 5))
            #expect(look.isLast == (number == 3))
        }
    }

    @Test func slidingWindowsKeepTheirLengthOnceThereIsEnough() {
        let schedule = schedule(window: .sliding(.seconds(30)))
        let windows = (1...3).map { schedule.look($0).window }
        #expect(windows.map(\.duration) == [.seconds(20), .seconds(30), .seconds(30)])
        #expect(windows[2].start == start + .seconds(30))
    }

    @Test func theLastLookComesAtTheEndWhateverTheInterval() {
        let schedule = schedule(interval: .seconds(50))
        #expect(schedule.count == 2)
        #expect(schedule.look(1).window.end == start + .seconds(50))
        #expect(schedule.look(2).window.end == start + .seconds(60))
        #expect(self.schedule(interval: .seconds(90)).count == 1)
    }

    @Test(arguments: [Int.min, -1, 0, 1]) func numbersBelowAreTheFirst(number: Int) {
        #expect(schedule().look(number) == schedule().look(1))
    }

    @Test(arguments: [3, 4, Int.max]) func numbersAboveAreTheLast(number: Int) {
        #expect(schedule().look(number) == schedule().look(3))
    }

    @Test(
        arguments: [
            (0, nil), (24, nil), (25, 1), (44, 1), (45, 2), (64, 2), (65, 3), (66, 3), (100_000, 3),
        ] as [(Int, Int?)]
    )
    func theNewestLookThatIsDue(seconds: Int, number: Int?) {
        #expect(schedule().latestDue(at: start + .seconds(seconds))?.number == number)
    }

    @Test(arguments: [(55, 1), (64, 1), (65, 2)]) func aShortLastIntervalIsDueAtItsEnd(seconds: Int, number: Int) {
        #expect(schedule(interval: .seconds(50)).latestDue(at: start + .seconds(seconds))?.number == number)
    }

    @Test func waitsPastTheLastLookForAsLongAsThePlanSays() {
        #expect(schedule().deadline == start + .seconds(65 + 600))
    }

    @Test(arguments: [Int64.min, .max]) func timesThatNobodyMeansDoNotTrap(milliseconds: Int64) {
        let schedule = LookSchedule(
            AnalysisSchedule(step: .seconds(10), interval: .seconds(20), lifetime: .seconds(60)),
            deployedAt: Timestamp(milliseconds: milliseconds)
        )
        #expect(schedule.look(3).isLast)
        #expect(schedule.latestDue(at: Timestamp(milliseconds: 0)) == (milliseconds < 0 ? schedule.look(3) : nil))
    }
}
