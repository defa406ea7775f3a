import Analysis
import Testing

@testable import Web

@Suite struct GuessPaceTests {
    private let start = Timestamp(milliseconds: 1_772_359_200_000)

    @Test func aFewAreAnsweredAtOnceAndFurtherOnesOneAfterAnother() {
        var pace = GuessPace()
        let answers = (0..<20).map { _ in pace.answerTime(at: start).since(start) }
        #expect(answers.prefix(10).allSatisfy { $0 == .zero })
        #expect(Array(answers.suffix(10)) == (1...10).map { GuessPace.interval * $0 })
        // Those who have stopped trying are answered at once again.
        #expect(pace.answerTime(at: start + .seconds(60)) == start + .seconds(60))
    }

    @Test func threeHundredGuessesOneByOneTakeAMinute() {
        var (pace, now) = (GuessPace(), start)
        for _ in 0..<300 { now = pace.answerTime(at: now) }
        #expect(now.since(start) == GuessPace.interval * 290)
    }

    @Test func noAnswerWaitsLonger() {
        var pace = GuessPace()
        for _ in 0..<100_000 {
            #expect(pace.answerTime(at: start).since(start) <= GuessPace.longest)
        }
        #expect(pace.answerTime(at: start + .seconds(10)) == start + .seconds(10))
    }

    @Test func aClockThatIsSetBackKeepsNoCallerWaiting() {
        var pace = GuessPace()
        _ = pace.answerTime(at: start + .seconds(86_400))
        #expect(pace.answerTime(at: start).since(start) <= GuessPace.longest)
    }
}
